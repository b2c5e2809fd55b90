/**
 * What the lecture asks where a step of D or of G was just taken by hand ("executing the cell above a couple of times"),
 * answered in words that fit what happened.
 */
import { lossOf } from "../../shared/losses";
import type {
  BatchFigures,
  Explanation,
} from "../../shared/contract/microscope";
import type {
  NetworkRole,
  Objective,
  TrainingSettings,
} from "../../shared/settings/settings";

export function explainUpdate(
  network: NetworkRole,
  { objective }: Pick<TrainingSettings, "objective">,
  before: BatchFigures,
  after: BatchFigures,
): Explanation {
  return network === "discriminator"
    ? explainDiscriminator(objective, before, after)
    : explainGenerator(before, after);
}

function explainDiscriminator(
  objective: Objective,
  before: BatchFigures,
  after: BatchFigures,
): Explanation {
  const asExpected = after.real > before.real && after.fake < before.fake;
  return {
    happened: `D took one step on this batch: ${moved("D(x)", before.real, after.real)} and ${moved("D(G(z))", before.fake, after.fake)}.`,
    questions: [
      {
        question: "Do the mean scores move as you expect?",
        answer: asExpected
          ? "Yes. D(x) should rise and D(G(z)) should fall. Take the step again on the same batch: it continues, because G does not answer."
          : "Not both of them. D(x) should rise and D(G(z)) should fall, but one step lowers only the sum of both losses. Take it again on the same batch.",
      },
      {
        question: "How does the loss say what D is for?",
        answer: lossOf(objective).aim,
      },
      {
        question: "Of what are derivatives computed?",
        answer:
          "Of D's loss by each parameter of D. The tables show the norm and the values of each.",
      },
      {
        question: "What does detach do? Does G get gradients?",
        answer:
          "It cuts the images off from G, so the gradient ends there and G gets none. Without it G would get gradients that make its images easier to tell, and only a step of G's optimiser would use them.",
      },
    ],
  };
}

function explainGenerator(
  before: BatchFigures,
  after: BatchFigures,
): Explanation {
  return {
    happened: `G took one step on this noise: ${moved("D(G(z))", before.fake, after.fake)}, and ${moved("D(x)", before.real, after.real)}.`,
    questions: [
      {
        question: "Does G raise the score that D gives it?",
        answer:
          after.fake > before.fake
            ? "Yes. Take the step again on the same batch and D(G(z)) keeps rising, because D does not answer."
            : "Not this time. D(G(z)) should rise; a smaller learning rate of G makes a step surer.",
      },
      {
        question: "Why does G get gradients now, and not in D's step?",
        answer:
          "Its images are not detached here, so the gradient goes back through D to G. This is the only way on which G learns.",
      },
      {
        question: "Does D change?",
        answer: `No. The gradient reaches its parameters too, but only G's optimiser takes a step, so D's column Change is empty.${after.real === before.real ? "" : " D(x) moved by what is drawn anew in each pass, such as dropout."}`,
      },
    ],
  };
}

/** Why a parameter has no gradient after an update of `updated`, in one sentence. */
export function whyNoGradient(
  network: NetworkRole,
  trainable: boolean,
  updated: NetworkRole,
): string {
  if (!trainable)
    return "It is a running average of batch statistics, not something that a loss trains.";
  if (network === updated)
    return "No path leads from the loss to this parameter.";
  return updated === "discriminator"
    ? "D's loss sees the generated images detached, so no gradient reaches G."
    : "The gradient passes through D on its way to G; D's own gradients are not kept, because only G takes a step.";
}

function moved(name: string, before: number, after: number): string {
  const verb = after > before ? "rose" : after < before ? "fell" : "stayed";
  return verb === "stayed"
    ? `${name} stayed at ${before.toFixed(3)}`
    : `${name} ${verb} from ${before.toFixed(3)} to ${after.toFixed(3)}`;
}
