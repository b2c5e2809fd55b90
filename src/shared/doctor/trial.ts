/** A fork that tries what the doctor advised: what is expected of it, what it is held against, and whether it helped. */
import { z } from "zod";
import { figure } from "./figure";
import { metricTitle } from "../metrics";
import { expectationInWords, expectationSchema, shownBy } from "./expectation";
import type { Points, Shown } from "./expectation";
import { findingIds } from "./finding-ids";

const outcomeSchema = z.object({
  /** `came-anyway`: without the change it came as well. `no-reference`: it came, and nothing says that it would not have. */
  state: z.enum([
    "open",
    "helped",
    "came-anyway",
    "no-reference",
    "did-not-come",
    "cannot-tell",
  ]),
  line: z.string().max(1000),
});
export type Outcome = z.infer<typeof outcomeSchema>;

/** What a fork is started with. */
export const trialPlanSchema = z.object({
  /** What the parent showed. */
  finding: z.enum(findingIds),
  /** `control`: the same steps without the change. */
  role: z.enum(["change", "control"]),
  /** The change in a sentence: "Lower D's learning rate from 0.0002 to 0.00005." */
  advice: z.string().max(1000),
  expects: expectationSchema.nullable(),
});
export type TrialPlan = z.infer<typeof trialPlanSchema>;

/** What a fork's record keeps. */
export const trialSchema = trialPlanSchema.extend({
  /** Null until it is known. */
  outcome: outcomeSchema.nullable().default(null),
});
export type Trial = z.infer<typeof trialSchema>;

/** What the parent's record remembers of a fork, also where that is deleted. */
export const triedSchema = z.object({
  run: z.string().max(100),
  name: z.string().max(200),
  step: z.int().nonnegative(),
  finding: z.enum(findingIds),
  advice: z.string().max(1000),
  outcome: outcomeSchema,
});
export type Tried = z.infer<typeof triedSchema>;
/** More are not remembered; the oldest go first. */
export const mostTried = 50;

/** With the newest of each fork. */
export function remembered(tried: readonly Tried[], one: Tried): Tried[] {
  const others = tried.filter(({ run }) => run !== one.run);
  return [...others, one].slice(-mostTried);
}

/** A run as a trial looks at it. */
export interface Watched {
  points: Points;
  /** The step that it has reached. */
  last: number;
  /** Whether more steps may come. */
  isActive: boolean;
  /** Whether it ended in values that are no numbers. */
  diverged: boolean;
}

export interface Reference extends Watched {
  role: "parent" | "control";
}

const titles = {
  parent: "the parent's own next steps",
  control: "the unchanged control",
};

/** Whether what was expected of a fork at `step` came, against what came without the change. */
export function outcomeOf(
  { expects, role }: Trial,
  step: number,
  fork: Watched,
  reference: Reference | null,
): Outcome {
  if (role === "control")
    return {
      state: "cannot-tell",
      line: "This fork changes nothing: it is the control that changed forks are compared with.",
    };
  if (!expects)
    return {
      state: "cannot-tell",
      line: "No expected value was stated, so there is nothing to check; compare the two runs.",
    };
  const hope = expectationInWords(expects);
  const name = metricTitle(expects.metric);
  const own = shownBy(expects, fork.points, step, fork.last);
  if (fork.diverged && own.came === null)
    return {
      state: "did-not-come",
      line: `It did not help: the fork diverged ${own.steps.toLocaleString("en")} steps after it began.`,
    };
  if (own.came === null) {
    if (fork.isActive)
      return { state: "open", line: `Expected: ${hope}. ${soFar(name, own)}` };
    return {
      state: "cannot-tell",
      line:
        own.value === null
          ? `Expected: ${hope}. It was not measured in those steps${isMeasured(expects.metric) ? "; `gan-workbench evaluate` measures saved steps" : ""}.`
          : `Expected: ${hope}. It ended after ${own.steps.toLocaleString("en")} of them, at ${figure(own.value)}.`,
    };
  }
  const other =
    reference && shownBy(expects, reference.points, step, reference.last);
  const comparison = comparisonOf(reference, other);
  const isWithout = other?.came ?? (reference?.diverged ? false : null);
  if (!own.came)
    return {
      state: "did-not-come",
      line: `${isNearer(expects, own, other) ? "It improved, but less than expected" : "It did not help"}: ${name} is ${value(own)} at the end of ${expects.within.toLocaleString("en")} steps, where ${bound(expects)} was expected${comparison}.`,
    };
  const since = `${name} has been ${bound(expects)} since step ${(own.since ?? 0).toLocaleString("en")}, and is ${value(own)} at the end of the ${expects.within.toLocaleString("en")} steps`;
  if (isWithout === null)
    return {
      state: "no-reference",
      line: `It happened: ${since}. It might have happened without the change too: train an unchanged control to know.`,
    };
  return isWithout
    ? {
        state: "came-anyway",
        line: `It happened, but without the change too: ${since}${comparison}.`,
      }
    : { state: "helped", line: `It helped: ${since}${comparison}.` };
}

/** Half as far from what was expected as without the change. */
function isNearer(
  { value: goal }: { value: number },
  own: Shown,
  other: Shown | null,
): boolean {
  if (own.value === null || !other || other.value === null) return false;
  return Math.abs(own.value - goal) < Math.abs(other.value - goal) / 2;
}

function bound({ above, value }: { above: boolean; value: number }): string {
  return `${above ? "above" : "below"} ${figure(value)}`;
}

function value({ value }: Shown): string {
  return value === null ? "unknown" : figure(value);
}

function comparisonOf(
  reference: Reference | null,
  other: Shown | null,
): string {
  if (!reference || !other) return "";
  if (reference.diverged && other.came === null)
    return `; ${titles[reference.role]} diverged`;
  if (other.value === null) return "";
  return `; in ${titles[reference.role]} it is ${figure(other.value)}`;
}

function soFar(name: string, { value, steps }: Shown): string {
  return value === null
    ? "No result yet."
    : `After ${steps.toLocaleString("en")} ${steps === 1 ? "step" : "steps"} ${name} is ${figure(value)}.`;
}

/** By `evaluate`, not at every step. */
function isMeasured(metric: string): boolean {
  return metric.startsWith("quality/");
}
