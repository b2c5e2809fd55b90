/** One process of `fuzz-networks.ts`: takes two steps of the random settings of a seed, and prints what they cost. */
import { availableParallelism } from "node:os";
import { createOnnxEngine } from "../../src/main/engine/onnx";
import { initialState } from "../../src/main/graph/parameters";
import { Random } from "../../src/shared/random";
import { checkSettings } from "../../src/shared/settings/check";
import { slowStep } from "../../src/shared/settings/check-processor";
import { volume } from "../../src/shared/layers";
import { layerProducts, passes } from "../../src/shared/settings/work";
import { stepInputs } from "../../src/shared/step";
import { randomSettings } from "./random-settings";

const seed = Number(process.argv[2]);
const limits = { size: 64, filters: 64, layers: 6, batch: 64 };
const settings = randomSettings(Random.fromSeed(seed, "fuzz"), limits);
const refused =
  checkSettings(settings).at(0)?.message ??
  slowStep(settings, availableParallelism());
print(refused ? { refused } : await takeSteps());

async function takeSteps() {
  const engine = await createOnnxEngine();
  const random = Random.fromSeed(seed, "fuzz inputs");
  const begun = processorSeconds();
  const start = performance.now();
  const session = await engine.createSession(
    settings,
    initialState(settings, random),
    { id: "onnx", threads: null, spinning: false },
  );
  const { batchSize } = settings.schedule;
  const step = async () => {
    await session.train({
      steps: 1,
      batch: batchSize,
      inputs: new Map(
        stepInputs(settings).map(({ name, shape }) => {
          const values = new Float32Array(batchSize * volume(shape));
          random.fillNormal(values);
          return [name, values];
        }),
      ),
      generatorUpdates: [true],
      learningRates: { generator: 1e-4, discriminator: 1e-4 },
    });
  };
  await step();
  const first = processorSeconds() - begun;
  const wall = (performance.now() - start) / 1000;
  const again = processorSeconds();
  await step();
  return {
    first,
    wall,
    second: processorSeconds() - again,
    megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    products:
      passes *
      batchSize *
      [settings.generator, settings.discriminator]
        .flatMap(layerProducts)
        .reduce((sum, it) => sum + it, 0),
  };
}

/** On an idle machine no less than the time that passes. */
function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function print(result: object): void {
  console.log(JSON.stringify({ seed, ...result }));
}
