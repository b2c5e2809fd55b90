/** What a schema found wrong with one value, as a sentence for the person who typed it. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

export function sentenceOf(issue: Issue): string {
  switch (issue.code) {
    case "too_small":
      return `Needs a number ${issue.inclusive ? "of at least" : "above"} ${String(issue.minimum)}.`;
    case "too_big":
      return `Needs a number ${issue.inclusive ? "of at most" : "below"} ${String(issue.maximum)}.`;
    case "invalid_type":
      return issue.expected === "int"
        ? "Needs a whole number."
        : issue.expected === "number" || issue.expected === "nan"
          ? "Needs a number."
          : "Needs a value.";
    default:
      return issue.message.endsWith(".") ? issue.message : `${issue.message}.`;
  }
}
