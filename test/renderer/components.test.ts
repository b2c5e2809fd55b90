// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import NumberField from "../../src/renderer/components/NumberField.svelte";
import Sentence from "../../src/renderer/components/Sentence.svelte";
import Scrubber from "../../src/renderer/components/Scrubber.svelte";
import TagEditor from "../../src/renderer/components/TagEditor.svelte";

afterEach(cleanup);

describe("the scrubber", () => {
  const steps = [0, 100, 937, 1000, 1874];

  it("takes the saved step nearest to a typed one", async () => {
    const onchange = vi.fn();
    render(Scrubber, { steps, step: 0, onchange });
    const field = screen.getByRole("spinbutton");
    await fireEvent.change(field, { target: { value: "900" } });
    expect(onchange).toHaveBeenCalledWith(937);
  });

  it("jumps by epochs with Page Up and Page Down", async () => {
    const onchange = vi.fn();
    render(Scrubber, { steps, step: 100, onchange, stepsPerEpoch: 937 });
    const slider = screen.getByRole("slider", { name: "Step" });
    await fireEvent.keyDown(slider, { key: "PageUp" });
    expect(onchange).toHaveBeenLastCalledWith(937);
    await fireEvent.keyDown(slider, { key: "PageDown" });
    expect(onchange).toHaveBeenLastCalledWith(0);
  });

  it("says its step to screen readers", () => {
    render(Scrubber, { steps, step: 1874, onchange: () => undefined });
    const slider = screen.getByRole("slider", { name: "Step" });
    expect(slider.getAttribute("aria-valuetext")).toBe("step 1,874");
  });
});

describe("a number's field", () => {
  it("shows its error and offers the preset's value where it differs", async () => {
    const onchange = vi.fn();
    render(NumberField, {
      label: "Seed",
      value: 7,
      original: 0,
      error: "Needs a whole number.",
      onchange,
    });
    const field = screen.getByLabelText("Seed");
    expect(field.getAttribute("aria-invalid")).toBe("true");
    screen.getByText("Needs a whole number.");
    await fireEvent.click(
      screen.getByRole("button", { name: "Reset Seed to 0" }),
    );
    expect(onchange).toHaveBeenCalledWith(0);
  });

  it("leaves the one value as it was when a list is typed letter by letter", async () => {
    let value = 2e-4;
    const onvary = vi.fn();
    const varying = { text: null, problem: null, onvary };
    const onchange = (next: number) => (value = next);
    const { rerender } = render(NumberField, {
      ...{ label: "Rate", value, onchange, varying },
    });
    const field = screen.getByLabelText("Rate");
    await fireEvent.focus(field);
    for (const text of ["1", "1e", "1e-", "1e-3", "1e-3,", "1e-3, 2"]) {
      await fireEvent.input(field, { target: { value: text } });
      await rerender({ value });
    }
    expect(onvary).toHaveBeenLastCalledWith("1e-3, 2");
    expect(value).toBe(2e-4);
  });

  it("reports what is no number as NaN", async () => {
    const onchange = vi.fn();
    render(NumberField, { label: "Seed", value: 7, onchange });
    await fireEvent.input(screen.getByLabelText("Seed"), {
      target: { value: "" },
    });
    expect(onchange).toHaveBeenCalledWith(NaN);
  });
});

it("a tag is added by Enter and taken away by its cross", async () => {
  const onchange = vi.fn();
  render(TagEditor, { tags: ["seeds"], known: [], onchange });
  const field = screen.getByLabelText("Tags");
  await fireEvent.input(field, { target: { value: " thesis " } });
  const form = field.closest("form");
  if (form) await fireEvent.submit(form);
  expect(onchange).toHaveBeenLastCalledWith(["seeds", "thesis"]);
  await fireEvent.click(
    screen.getByRole("button", { name: "Remove the tag seeds" }),
  );
  expect(onchange).toHaveBeenLastCalledWith([]);
});

it("sets the commands in a sentence as such", () => {
  const { container } = render(Sentence, {
    text: "Measure it: `gan-workbench evaluate RUN`.",
  });
  expect(container.textContent).toBe("Measure it: gan-workbench evaluate RUN.");
  expect(container.querySelector("code")?.textContent).toBe(
    "gan-workbench evaluate RUN",
  );
});
