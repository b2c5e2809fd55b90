import { expect, test } from "vitest";
import { isSafeName, oneLine, safeName } from "../../src/shared/safe-name";

test.each([
  "CON",
  "nul",
  "com1.txt",
  "x.",
  "x ",
  "a:b",
  "a\nb",
  "a/b",
  "",
  "LPT9",
])("%j is not a name for every system, and is given one that is", (name) => {
  expect(isSafeName(name)).toBe(false);
  expect(isSafeName(safeName(name))).toBe(true);
});

test.each(["run", "con-run", "events.out.tfevents.1700000000.host", "Ünïcode"])(
  "%j is a name for every system",
  (name) => {
    expect(isSafeName(name)).toBe(true);
  },
);

test("a long name does not end in a dot where it is cut", () => {
  expect(safeName(`${"a".repeat(59)}.b`)).toBe("a".repeat(59));
});

test("a name becomes one line", () => {
  expect(oneLine("a\r\nb\u2028c ")).toBe("a b c");
});
