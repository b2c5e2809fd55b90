import { expect, test } from "vitest";
import {
  labelOf,
  metricsOf,
  recognizeMetrics,
  summaryOf,
} from "../../src/shared/metric-names";

test.each([
  ["D_Loss", "loss/discriminator"],
  ["d_loss", "loss/discriminator"],
  ["errD", "loss/discriminator"],
  ["Loss_D", "loss/discriminator"],
  ["lossD", "loss/discriminator"],
  ["DLoss", "loss/discriminator"],
  ["loss/d", "loss/discriminator"],
  ["Loss/D/loss", "loss/discriminator"],
  ["Discriminator Loss", "loss/discriminator"],
  ["train/disc_loss", "loss/discriminator"],
  ["critic_loss", "loss/discriminator"],
  ["my run - d_loss", "loss/discriminator"],
  ["d_loss_real", "loss/discriminator_real"],
  ["errD_fake", "loss/discriminator_fake"],
  ["Gen Loss", "loss/generator"],
  ["errG", "loss/generator"],
  ["Loss/G/loss", "loss/generator"],
  ["generator_loss", "loss/generator"],
  ["D(x)", "score/real"],
  ["D_x", "score/real"],
  ["real_score", "score/real"],
  ["D(G(z))", "score/fake"],
  ["D_G_z1", "score/fake"],
  ["fake_score", "score/fake"],
  ["D_G_z2", "score/fake_after"],
  ["d_grad_norm", "gradient/discriminator"],
])("%s is %s", (tag, metric) => {
  expect(recognizeMetrics([tag])).toEqual({ [tag]: metric });
});

test.each([
  "loss",
  "val_d_loss",
  "loss_D_A",
  "Loss/scores/real",
  "lr",
  "fid",
  "loss/discriminator",
  "__proto__",
  "constructor",
])("%s keeps its own name", (tag) => {
  expect(recognizeMetrics([tag])).toEqual({});
});

test("one of ours is given once, to the plainest name", () => {
  expect(recognizeMetrics(["d_loss_epoch", "d_loss", "errD"])).toEqual({
    d_loss: "loss/discriminator",
  });
  expect(recognizeMetrics(["loss/discriminator", "d_loss"])).toEqual({});
});

test("runs share a metric that they call by different names", () => {
  const last = { last: 1, min: 1, max: 1, minStep: 1, maxStep: 1 };
  const ours = { metricNames: {}, summary: { "loss/discriminator": last } };
  const theirs = {
    metricNames: { D_Loss: "loss/discriminator" },
    summary: { D_Loss: last, lr: last },
  };
  expect(metricsOf([ours, theirs])).toEqual(["loss/discriminator", "lr"]);
  expect(summaryOf(theirs, "loss/discriminator")).toBe(last);
  expect(summaryOf(theirs, "D_Loss")).toBe(last);
  expect(summaryOf(ours, "lr")).toBeNull();
  expect(labelOf("loss/discriminator", [ours, theirs])).toBe("D loss (D_Loss)");
});
