/** The lines that trainings print: those of the tutorials here, and of programs that many people started from. */
import { describe, expect, test } from "vitest";
import { curve } from "./library";
import { eventFile, importedFile, importedFolder } from "./imported";

type Curves = Record<string, [steps: number[], values: number[]]>;

const cases: [of: string, lines: string[], curves: Curves][] = [
  [
    "wiseodd's GAN",
    [
      "Iter-0; D_loss: 1.4116; G_loss: 0.69",
      "Iter-1000; D_loss: 0.0121; G_loss: 5e-05",
    ],
    {
      D_loss: [
        [0, 1000],
        [1.4116, 0.0121],
      ],
      G_loss: [
        [0, 1000],
        [0.69, 5e-5],
      ],
    },
  ],
  [
    "jaketae's GAN",
    [
      "Epoch [1/20], Step [400/937], d_loss: 0.9407, g_loss: 2.1113, D(x): 0.75, D(G(z)): 0.29",
      "Epoch [1/20], Step [800/937], d_loss: 0.6839, g_loss: 2.3637, D(x): 0.83, D(G(z)): 0.26",
      "Epoch [2/20], Step [400/937], d_loss: nan, g_loss: inf, D(x): 0.77, D(G(z)): 0.19",
    ],
    {
      d_loss: [
        [400, 800, 1200],
        [0.9407, 0.6839, NaN],
      ],
      g_loss: [
        [400, 800, 1200],
        [2.1113, 2.3637, Infinity],
      ],
      "D(x)": [
        [400, 800, 1200],
        [0.75, 0.83, 0.77],
      ],
      "D(G(z))": [
        [400, 800, 1200],
        [0.29, 0.26, 0.19],
      ],
    },
  ],
  [
    "the lecture's GAN",
    [
      "e0.i0/938 last mb D(x)=0.4931 D(G(z))=0.5020",
      "e0.i100/938 last mb D(x)=0.6123 D(G(z))=0.3500",
    ],
    {
      "D(x)": [
        [0, 100],
        [0.4931, 0.6123],
      ],
      "D(G(z))": [
        [0, 100],
        [0.502, 0.35],
      ],
    },
  ],
  [
    "jrtechs' GAN and PyTorch-GAN",
    [
      "[Epoch 0/200] [Batch 0/938] [Batches Done: 0] [D loss: 0.693822] [G loss: 0.698112]",
      "[Epoch 0/200] [Batch 1/938] [Batches Done: 1] [D loss: 0.602153] [G loss: 0.697001]",
    ],
    {
      "D loss": [
        [0, 1],
        [0.693822, 0.602153],
      ],
      "G loss": [
        [0, 1],
        [0.698112, 0.697001],
      ],
    },
  ],
  [
    "PyTorch's DCGAN example",
    [
      "Starting Training Loop...",
      "[0/5][0/1583]\tLoss_D: 1.8660\tLoss_G: 4.9957\tD(x): 0.5054\tD(G(z)): 0.5928 / 0.0106",
      "[0/5][50/1583]\tLoss_D: 0.0154\tLoss_G: 35.5240\tD(x): 0.9927\tD(G(z)): 0.0001 / 0.0000",
    ],
    {
      Loss_D: [
        [0, 50],
        [1.866, 0.0154],
      ],
      "D(G(z))": [
        [0, 50],
        [0.5928, 0.0001],
      ],
      D_G_z2: [
        [0, 50],
        [0.0106, 0],
      ],
    },
  ],
  [
    "CycleGAN and its heirs",
    [
      "================ Training Loss (Fri Jun 21 05:19:51 2024) ================",
      "(epoch: 1, iters: 100, time: 0.291) D: 0.111, 0.105 | G: 0.146, 0.150 | Cyc: 0.092, 0.037 | ",
      "(epoch: 1, iters: 200, time: 0.284) D: 0.092, 0.113 | G: 0.15, 0.16 | Cyc: 0.09, 0.04 | ",
      "(epoch: 2, iters: 100, time: 0.290) D: 0.093, 0.114 | G: 0.17, 0.18 | Cyc: 0.08, 0.03 | ",
    ],
    {
      D: [
        [100, 200, 300],
        [0.111, 0.092, 0.093],
      ],
      "D (2)": [
        [100, 200, 300],
        [0.105, 0.113, 0.114],
      ],
      G: [
        [100, 200, 300],
        [0.146, 0.15, 0.17],
      ],
    },
  ],
  [
    "Keras' progress bar",
    [
      "Epoch 1/3",
      "782/782 [====] - 5s 6ms/step - d_loss: 0.5031 - g_loss: 1.2",
      "Epoch 2/3",
      "782/782 [====] - 4s 6ms/step - d_loss: 0.6 - g_loss: -1.3e-2",
      "Epoch 3/3",
      "782/782 [====] - 4s 6ms/step - d_loss: 0.7 - g_loss: 1.4",
    ],
    {
      d_loss: [
        [1, 2, 3],
        [0.5031, 0.6, 0.7],
      ],
      g_loss: [
        [1, 2, 3],
        [1.2, -0.013, 1.4],
      ],
    },
  ],
  [
    "Keras-GAN, which begins with the bare step",
    [
      "0 [D loss: 0.69, acc.: 50.00%] [G loss: 0.71]",
      "50 [D loss: 0.61, acc.: 62.50%] [G loss: 0.81]",
      "100 [D loss: 0.55, acc.: 71.00%] [G loss: 0.91]",
    ],
    {
      "D loss": [
        [0, 50, 100],
        [0.69, 0.61, 0.55],
      ],
      "acc.": [
        [0, 50, 100],
        [50, 62.5, 71],
      ],
    },
  ],
  [
    "PyTorch's tensors",
    [
      'epoch: 1, d_loss=tensor(0.5, device="cuda:0", grad_fn=<AddBackward0>), g_loss=tensor([1.5])',
      'epoch: 2, d_loss=tensor(nan, device="cuda:0", grad_fn=<AddBackward0>), g_loss=tensor([-2e-3])',
    ],
    {
      d_loss: [
        [1, 2],
        [0.5, NaN],
      ],
      g_loss: [
        [1, 2],
        [1.5, -0.002],
      ],
    },
  ],
  [
    "a terminal's colours",
    [
      "\x1b[32mstep 10\x1b[0m d_loss: \x1b[1m0.5\x1b[0m",
      "\x1b[32mstep 20\x1b[0m d_loss: \x1b[1;31m0.25\x1b[0m",
    ],
    {
      d_loss: [
        [10, 20],
        [0.5, 0.25],
      ],
    },
  ],
  [
    "tqdm's bar, which begins again in each epoch",
    [
      "  0%|          | 10/30 [00:01<00:03, 9.9it/s, d_loss=0.5, g_loss=1]",
      " 66%|######    | 20/30 [00:02<00:01, 9.9it/s, d_loss=0.4, g_loss=2]",
      "100%|##########| 30/30 [00:03<00:00, 9.9it/s, d_loss=0.3, g_loss=3]",
      "  0%|          | 10/30 [00:01<00:03, 9.9it/s, d_loss=0.2, g_loss=4]",
    ],
    {
      d_loss: [
        [10, 20, 30, 40],
        [0.5, 0.4, 0.3, 0.2],
      ],
    },
  ],
  [
    "names and numbers without a sign between them",
    [
      "Training on cuda:0",
      "epoch 1 loss_D 0.69 loss_G 1.2",
      "epoch 2 loss_D 0.5 loss_G 1",
      "Saved 64 samples in 3.2 seconds",
      "epoch 3 loss_D nan loss_G 1.4",
    ],
    {
      loss_D: [
        [1, 2, 3],
        [0.69, 0.5, NaN],
      ],
      loss_G: [
        [1, 2, 3],
        [1.2, 1, 1.4],
      ],
    },
  ],
  [
    "single letters behind a counter in brackets",
    ["[epoch 1] d 0.5 g 1.2", "[epoch 2] d 0 g 1.3", "[epoch 3] d 0.4 g 1.1"],
    {
      d: [
        [1, 2, 3],
        [0.5, 0, 0.4],
      ],
      g: [
        [1, 2, 3],
        [1.2, 1.3, 1.1],
      ],
    },
  ],
  [
    "several words, brackets and a bare step before them",
    [
      "100 D loss 0.5 (real 0.2 fake 0.3) G loss 1.2, D(G(z)) 0.25",
      "200 D loss 0.6 (real 0.3 fake 0.3) G loss 1.1, D(G(z)) 0.5",
    ],
    {
      "D loss": [
        [100, 200],
        [0.5, 0.6],
      ],
      real: [
        [100, 200],
        [0.2, 0.3],
      ],
      "D(G(z))": [
        [100, 200],
        [0.25, 0.5],
      ],
    },
  ],
  [
    "a logger that writes the time first, some names with a sign",
    [
      "2024-01-31 14:05:06,100 INFO epoch 1 lr=0.1 d_loss 0.5 g_loss 1.2",
      "2024-01-31 14:05:16,100 INFO epoch 2 lr=0.1 d_loss 0.4 g_loss 1.3",
    ],
    {
      d_loss: [
        [1, 2],
        [0.5, 0.4],
      ],
      lr: [
        [1, 2],
        [0.1, 0.1],
      ],
    },
  ],
  [
    "a table with rules, as skorch prints it",
    [
      "  epoch    train loss    valid_loss     dur",
      "-------  ------------  ------------  ------",
      "      1        0.6905        0.6832  0.0513",
      "      2        0.6705        0.6732  0.0413",
    ],
    {
      "train loss": [
        [1, 2],
        [0.6905, 0.6705],
      ],
    },
  ],
  [
    "a table in a frame among other lines",
    [
      "Training on cuda",
      "┌───────┬────────┬────────┐",
      "│ epoch │ D loss │ G loss │",
      "├───────┼────────┼────────┤",
      "│ 1     │ 0.69   │ 1.2    │",
      "│ 2     │ 0.5    │ 1.4    │",
      "└───────┴────────┴────────┘",
    ],
    {
      "D loss": [
        [1, 2],
        [0.69, 0.5],
      ],
    },
  ],
  [
    "columns below a header that comes again",
    [
      "Loading data",
      "  it   D   G",
      "   0 0.69 0.70",
      " 100 0.61 0.80",
      "  it   D   G",
      " 200 0.5 0.95",
    ],
    {
      D: [
        [0, 100, 200],
        [0.69, 0.61, 0.5],
      ],
    },
  ],
  [
    "sentences that end in dots",
    [
      "Epoch 1/2... Batch 10... Discriminator Loss: 1.2345... Generator Loss: 0.5678",
      "Epoch 1/2... Batch 20... Discriminator Loss: 1.1345... Generator Loss: 0.6678.",
    ],
    {
      "Discriminator Loss": [
        [10, 20],
        [1.2345, 1.1345],
      ],
      "Generator Loss": [
        [10, 20],
        [0.5678, 0.6678],
      ],
    },
  ],
  [
    "Keras trainings that begin with > and the epoch and batch",
    [
      ">1, 1/2, d1=0.686, d2=0.700 g=0.723",
      ">1, 2/2, d1=0.676, d2=0.710 g=0.733",
      ">Accuracy real: 62%, fake: 15%",
      ">2, 1/2, d1=0.666, d2=0.720 g=0.743",
    ],
    {
      d1: [
        [1, 2, 3],
        [0.686, 0.676, 0.666],
      ],
      "Accuracy real": [[2], [62]],
    },
  ],
  [
    "numbers in brackets behind their name",
    [
      ">1, dA[0.711,0.708] dB[0.690,0.712] g[17.543,17.501]",
      ">2, dA[0.611,0.608] dB[0.590,0.612] g[16.543,16.501]",
    ],
    {
      dA: [
        [1, 2],
        [0.711, 0.611],
      ],
      "dA (2)": [
        [1, 2],
        [0.708, 0.608],
      ],
      "g (2)": [
        [1, 2],
        [17.501, 16.501],
      ],
    },
  ],
  [
    "a first line in brackets that is no JSON, and a batch behind its epoch",
    [
      " [*] Reading checkpoints...",
      "Epoch: [ 0/25] [   0/   2] time: 3.5571, d_loss: 1.78, g_loss: 0.67",
      "Epoch: [ 0/25] [   1/   2] time: 3.9571, d_loss: 1.68, g_loss: 0.77",
      "===> Epoch[1](0/2): d_loss: 1.58  g_loss: 0.87",
    ],
    {
      d_loss: [
        [0, 1, 2],
        [1.78, 1.68, 1.58],
      ],
    },
  ],
  [
    "a time in brackets before them",
    [
      "[2024-01-31 14:05:06.123456]\t[Epoch: 1/20]\t[Batches Done:   100]\t[Loss D: 0.5000]",
      "[2024-01-31 14:05:16.123456]\t[Epoch: 1/20]\t[Batches Done:   200]\t[Loss D: 0.4000]",
    ],
    {
      "Loss D": [
        [100, 200],
        [0.5, 0.4],
      ],
    },
  ],
  [
    "tabs between names and numbers",
    [
      "iter 0\ttrain disc cost\t-0.1\ttime\t1.2",
      "iter 100\ttrain disc cost\t-10.5\tdev disc cost\t-9.5\ttime\t0.2",
    ],
    {
      "train disc cost": [
        [0, 100],
        [-0.1, -10.5],
      ],
    },
  ],
  [
    "a bar that counts for the lines below it",
    [
      "default<default>:   0%|          | 0/150000 [00:00<?, ?it/s]",
      "G: 0.50 | D: 1.02 | GP: 0.10",
      "default<default>:   0%|          | 50/150000 [00:30<25:00:00, 1.66it/s]",
      "G: 0.60 | D: 0.92 | GP: 0.20",
    ],
    {
      G: [
        [0, 50],
        [0.5, 0.6],
      ],
      GP: [
        [0, 50],
        [0.1, 0.2],
      ],
    },
  ],
  [
    "units behind numbers",
    [
      "iter: 0/1096 D_A_loss: 0.512 batch_cost: 0.36432 sec reader_cost: 0.01 sec ips: 2.7 images/s eta: 1 day, 22:11:33",
      "iter: 10/1096 D_A_loss: 0.412 batch_cost: 0.26432 sec reader_cost: 0.02 sec ips: 3.7 images/s eta: 20:11:33",
      "iter: 20/1096 time: 3.4444s, D_A_loss: 0.312",
    ],
    {
      D_A_loss: [
        [0, 10, 20],
        [0.512, 0.412, 0.312],
      ],
      reader_cost: [
        [0, 10],
        [0.01, 0.02],
      ],
      ips: [
        [0, 10],
        [2.7, 3.7],
      ],
    },
  ],
  [
    "figures on lines without a count",
    [
      "INFO:tensorflow:loss = 1.2, step = 0",
      "INFO:tensorflow:global_step/sec: 29.3",
      "INFO:tensorflow:loss = 1.1, step = 100 (3.410 sec)",
      "INFO:tensorflow:global_step/sec: 30.3",
    ],
    {
      loss: [
        [0, 100],
        [1.2, 1.1],
      ],
      "global_step/sec": [
        [0, 100],
        [29.3, 30.3],
      ],
    },
  ],
];

describe("printed lines are read", () => {
  test.each(cases)("of %s", async (_, lines, expected) => {
    const { groups, remarks } = await importedFile(
      "train.log",
      lines.join("\n"),
    );
    for (const [tag, [steps, values]] of Object.entries(expected)) {
      const read = curve(groups, tag);
      expect(read.steps, tag).toEqual(steps);
      expect(read.values, tag).toEqual(values.map(Math.fround));
    }
    expect(remarks).toContain("Read as lines that a training printed.");
  });

  test.each([
    ["lossD", "iter=500 lossD=0.5", "iter=1,000 lossD=0.25"],
    [
      "loss_D",
      "INFO:root:500 {'loss_D': 0.5, 'x': 1}",
      "INFO:root:1000 {'loss_D': 0.25, 'x': 2}",
    ],
    [
      "critic loss",
      "step 500: critic loss 0.5 ± 0.1",
      "step 1000: critic loss 0.25 +/- 0.1",
    ],
    ["D loss", "500 [D loss: 0.5]", "1,000 [D loss: 0.25]"],
    ["D", "step 0.5k: D=0.5", "step 1k: D=0.25"],
    [
      "d",
      "Iteration [500/1,500], d 0.5, g 3",
      "Iteration [1,000/1,500], d 0.25, g 2",
    ],
    [
      "d",
      "| 500/2.00k [00:01<00:03, 1it/s, d=0.5]",
      "| 1.00k/2.00k [00:02<00:02, 1it/s, d=0.25]",
    ],
  ])(
    "with counts that are written for people: %s in “%s”, “%s”",
    async (tag, ...lines) => {
      const { groups } = await importedFile("train.log", lines.join("\n"));
      const { steps, values } = curve(groups, tag);
      expect({ steps, values }).toEqual({
        steps: [500, 1000],
        values: [0.5, 0.25],
      });
    },
  );

  test("with a type-setter's minus, and deviations that are counted", async () => {
    const { groups, remarks } = await importedFile(
      "train.log",
      "step 1: critic \u22120.5 ± 0.1\nstep 2: critic \u22120.25 ± 0.1\n",
    );
    expect([...curve(groups, "critic").values]).toEqual([-0.5, -0.25]);
    expect(remarks).toContain("2 deviations behind ± were left out.");
  });

  test("where only the epoch has a name, and the batch has brackets", async () => {
    const line = (epoch: number, batch: string, loss: number) =>
      `Epoch 00${epoch}/200 [${batch}/1096] -- loss_G: ${loss} | loss_D: 1`;
    const { groups } = await importedFile(
      "train.log",
      [line(1, "0500", 0.5), line(1, "1000", 0.25), line(2, "0500", 1)].join(
        "\n",
      ),
    );
    expect([...curve(groups, "loss_G").steps]).toEqual([500, 1000, 1500]);
  });

  test("steps that stand below their epoch", async () => {
    const { groups } = await importedFile(
      "train.log",
      "--- Epoch 3 ---\nstep 10: d=0.5\nstep 20: d=0.25\n--- Epoch 4 ---\nstep 30: d=1\n",
    );
    expect([...curve(groups, "epoch").values]).toEqual([3, 3, 4]);
  });

  test("of PyTorch's MNIST example", async () => {
    const line = (epoch: number, images: number, loss: number) =>
      `Train Epoch: ${epoch} [${images}/60000 (${Math.round(images / 600)}%)]\tLoss: ${loss}`;
    const { groups } = await importedFile(
      "train.log",
      [line(1, 640, 0.5), line(1, 1280, 0.25), line(2, 640, 1)].join("\n"),
    );
    expect([...curve(groups, "Loss").steps]).toEqual([640, 1280, 1920]);
  });

  test("with other signs between figures than commas, and per cents", async () => {
    const { groups } = await importedFile(
      "train.log",
      "Step #10 ▸ D 0.5 ▸ G 1.5 ▸ hit 50.0%\nStep #20 ▸ D 0.25 ▸ G 1.25 ▸ hit 60.0%\n",
    );
    const valuesOf = (tag: string) => [...curve(groups, tag).values];
    expect(["D", "G", "hit"].map(valuesOf)).toEqual([
      [0.5, 0.25],
      [1.5, 1.25],
      [50, 60],
    ]);
  });

  test("a table of Markdown loses no word", async () => {
    const { groups, remarks } = await importedFile(
      "log.md",
      "| step | d_loss |\n|-----:|:------:|\n| 500 | 0.5 |\n| 1,000 | 0.25 |\n",
    );
    const { steps, values } = curve(groups, "d_loss");
    expect({ steps, values }).toEqual({
      steps: [500, 1000],
      values: [0.5, 0.25],
    });
    expect(remarks).toEqual(["Read as lines that a training printed."]);
  });

  test("and the time that they begin with is the clock", async () => {
    const { groups, record } = await importedFile(
      "train.log",
      "31.01.2024 14:05:06 - step 1 - d_loss 0.5\n31.01.2024 14:05:16 - step 2 - d_loss 0.4\n",
    );
    const begin = new Date(2024, 0, 31, 14, 5, 6).getTime() / 1000;
    expect([...groups[0].times]).toEqual([begin, begin + 10]);
    expect(record.clock).toBe("wall");
  });

  test("and the time since the start that StyleGAN prints is the clock", async () => {
    const { groups, record } = await importedFile(
      "log.txt",
      [
        "tick 0     kimg 4.0      time 25s          sec/tick 25.3    gpumem 7.9",
        "tick 1     kimg 44.1     time 1m 20s       sec/tick 55.0    gpumem 5.4",
        "tick 2     kimg 84.2     time 1h 02m 03s   sec/tick 54.9    gpumem 5.4",
        "tick 3     kimg 124.2    time 1d 02h 03m   sec/tick 54.8    gpumem 5.4",
      ].join("\n"),
    );
    const { times } = groups[0];
    expect([...times].map((time) => time - times[0])).toEqual([
      0, 55, 3698, 93755,
    ]);
    expect(record.clock).toBe("elapsed");
    expect(curve(groups, "sec/tick").values).toEqual(
      [25.3, 55, 54.9, 54.8].map(Math.fround),
    );
  });

  test("and words before a number in prose are no metrics, nor are cells of words lost silently", async () => {
    const { groups, remarks } = await importedFile(
      "train.log",
      [
        "Reading 60000 images from disk took 3.2 s",
        "| epoch | d_loss | best |",
        "| 1 | 0.5 | yes |",
        "| 2 | 0.4 | no |",
        "Reading 60000 images from disk took 3.1 s",
      ].join("\n"),
    );
    expect(groups.flatMap(({ tags }) => tags)).toEqual(["d_loss"]);
    expect(remarks).toContain(
      'Cells of tables that are not numbers were left out: "best".',
    );
  });

  test("and lines without a figure are counted", async () => {
    const { remarks } = await importedFile(
      "nohup.out",
      "Fri Jun 21 05:19:51 2024: loading\nstep 1 loss: 0.5\nstep 2 loss: 0.4\nstep 3 loss: 0.3\nDone.\n",
    );
    expect(remarks).toContain("2 lines without a number were left out.");
  });
});

test("a folder with StyleGAN's stats.jsonl is its log, and a run folder of ours has one log only", async () => {
  const stats = await importedFolder({
    "training_options.json": "{}",
    "stats.jsonl":
      '{"Loss/G/loss": {"mean": 0.5}, "Progress/tick": 0}\n{"Loss/G/loss": {"mean": 0.25}, "Progress/tick": 1}\n',
  });
  expect(curve(stats.groups, "Loss/G/loss").values).toEqual([0.5, 0.25]);
  const name = "events.out.tfevents.1700000000.vm";
  const ours = await importedFolder({
    "run.json": "{}",
    [name]: eventFile({ "loss/discriminator": [[1, 0.5]] }),
    [`tensorboard/${name}`]: eventFile({ D_Loss: [[0, 0.5]] }),
  });
  expect(ours.groups.flatMap(({ tags }) => tags)).toEqual([
    "loss/discriminator",
  ]);
  await expect(importedFolder({ "a.png": "" })).rejects.toThrow(
    "holds no TensorBoard event file and no stats.jsonl",
  );
});

test("dicts as Python prints them are rows", async () => {
  const { groups } = await importedFile(
    "train.log",
    "{'step': 1, 'd_loss': 0.5, 'best': None, 'name': \"it's\"}\n{'step': 2, 'd_loss': nan, 'last': True}\n",
  );
  expect(curve(groups, "d_loss").steps).toEqual([1, 2]);
  expect(curve(groups, "d_loss").values).toEqual([0.5, NaN]);
});

test("a half-written last line of JSON is told", async () => {
  const { remarks } = await importedFile(
    "log.jsonl",
    '{"step": 1, "d": 1}\n{"step": 2, "d": 2}\n{"step": 3, "d',
  );
  expect(remarks).toEqual(["The last line is half-written and was left out."]);
});

test.each([
  [
    "G_loss.log",
    "1000: 0.3224\n2000: 0.2224\n",
    /begins with numbers; its first line must name the columns/,
  ],
  ["units.csv", "step,speed\n1,12it/s\n2,13it/s\n", /"speed" holds no numbers/],
  ["big.csv", "step,d\n9007199254740993,1\n", /1 row without a step in step/],
])(
  "%s without a single number is refused with what was left out",
  async (name, text, why) => {
    await expect(importedFile(name, text)).rejects.toThrow(why);
  },
);

test("a workbook is refused with what to do", async () => {
  await expect(importedFile("log.xlsx", "PK")).rejects.toThrow(
    "log.xlsx is a workbook, and only its sheets could be read; save one as CSV and import that.",
  );
});
