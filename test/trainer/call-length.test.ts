import { expect, it } from "vitest";
import { CallLength } from "../../src/main/trainer/call-length";

function told(length: CallLength, seconds: number, calls: number): void {
  for (let call = 0; call < calls; call++)
    length.record(length.steps(64, 1), seconds);
}

it("halves calls that take long again and again, and not for one that was compiled", () => {
  const length = new CallLength();
  told(length, 0.2, 10);
  told(length, 3, 1);
  told(length, 0.2, 10);
  expect(length.steps(64, 1)).toBe(64);
  told(length, 0.8, 3);
  expect(length.steps(64, 1)).toBe(32);
  expect(length.steps(60, 15)).toBe(30);
  told(length, 0.8, 100);
  expect(length.steps(64, 1)).toBe(1);
  expect(length.steps(60, 15)).toBe(1);
});

it("lets calls grow again once they are short", () => {
  const length = new CallLength();
  told(length, 0.8, 6);
  expect(length.steps(64, 1)).toBe(16);
  told(length, 0.15, 100);
  expect(length.steps(64, 1)).toBe(16);
  told(length, 0.05, 3);
  expect(length.steps(64, 1)).toBe(32);
  told(length, 0.05, 100);
  expect(length.steps(64, 1)).toBe(64);
});
