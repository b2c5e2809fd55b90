/** What a schema refused, in words for people: where it is, and what it must be. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** The first problem in one line, without a full stop. */
export function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue.path.join(".") || "it"} ${requirement(issue)}`;
}

function requirement(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${nameOf(issue.expected)}`;
    case "invalid_value":
      return `must be ${listed(issue.values.map(String))}`;
    case "too_small":
    case "too_big":
      return `must ${bound(issue)}`;
    case "invalid_union":
      return union(issue);
    case "unrecognized_keys":
      return `has no ${listed(issue.keys)}`;
    default:
      // A schema's own words stand; those of the library do not speak to people.
      return issue.message.startsWith("Invalid")
        ? "has a form that is not allowed"
        : issue.message;
  }
}

function nameOf(type: string): string {
  switch (type) {
    case "int":
      return "a whole number";
    case "number":
      return "a finite number";
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "array":
    case "tuple":
      return "a list";
    case "object":
    case "record":
      return "an object";
    default:
      return type;
  }
}

function bound(
  issue: Extract<Issue, { code: "too_small" | "too_big" }>,
): string {
  const isLeast = issue.code === "too_small";
  const limit = String(isLeast ? issue.minimum : issue.maximum);
  const word = isLeast ? "at least" : "at most";
  if (issue.origin === "string") return `have ${word} ${limit} characters`;
  if (issue.origin === "array") return `have ${word} ${limit} entries`;
  if (issue.inclusive) return `be ${word} ${limit}`;
  return `be ${isLeast ? "above" : "below"} ${limit}`;
}

/** What each of its members expected. */
function union(issue: Extract<Issue, { code: "invalid_union" }>): string {
  if ("options" in issue && issue.options?.length)
    return `must be ${listed(issue.options.map(String))}`;
  const wants = issue.errors.flatMap(([first]) =>
    first ? [requirement(first).replace(/^must be /, "")] : [],
  );
  return `must be ${listed(wants)}`;
}

/** `a`, `a or b`, `a, b or c`. */
function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "something else";
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
