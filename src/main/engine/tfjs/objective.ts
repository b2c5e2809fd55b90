/** The losses of an objective on logits (or a critic's outputs), and the score that people read. */
import type { Objective } from "../../../shared/settings/settings";
import { isCrossEntropy } from "../../../shared/step";
import type { Tensor, TensorFlow } from "./load";

/** D's loss on real images, `reduction` included. */
export function realLoss(
  tf: TensorFlow,
  objective: Objective,
  out: Tensor,
): Tensor {
  return reduce(tf, objective, () => {
    switch (objective.loss) {
      case "non-saturating":
      case "minimax":
        return tf.softplus(tf.neg(out));
      case "wasserstein":
        return tf.neg(out);
      case "least-squares":
        return tf.square(tf.sub(out, 1));
      case "hinge":
        return tf.relu(tf.sub(1, out));
      default:
        return objective.loss satisfies never;
    }
  });
}

/** D's loss on generated images, `reduction` included. */
export function fakeLoss(
  tf: TensorFlow,
  objective: Objective,
  out: Tensor,
): Tensor {
  return reduce(tf, objective, () => {
    switch (objective.loss) {
      case "non-saturating":
      case "minimax":
        return tf.softplus(out);
      case "wasserstein":
        return out;
      case "least-squares":
        return tf.square(out);
      case "hinge":
        return tf.relu(tf.add(out, 1));
      default:
        return objective.loss satisfies never;
    }
  });
}

export function generatorLoss(
  tf: TensorFlow,
  objective: Objective,
  out: Tensor,
): Tensor {
  switch (objective.loss) {
    case "non-saturating":
      return tf.mean(tf.softplus(tf.neg(out)));
    case "minimax":
      return tf.neg(tf.mean(tf.softplus(out)));
    case "wasserstein":
    case "hinge":
      return tf.neg(tf.mean(out));
    case "least-squares":
      return tf.mean(tf.square(tf.sub(out, 1)));
    default:
      return objective.loss satisfies never;
  }
}

/** The mean probability, or without cross-entropy the mean output. */
export function meanScore(
  tf: TensorFlow,
  objective: Objective,
  out: Tensor,
): Tensor {
  return tf.mean(isCrossEntropy(objective.loss) ? tf.sigmoid(out) : out);
}

function reduce(
  tf: TensorFlow,
  objective: Objective,
  perSample: () => Tensor,
): Tensor {
  const loss = tf.mean(perSample());
  return objective.reduction === "mean" ? tf.mul(loss, 0.5) : loss;
}
