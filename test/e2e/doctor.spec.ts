/** The doctor on a run's page: its line, its proof, the fork it offers in the dialog, and what came of that. */
import { writeBars } from "../quality/bars";
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixture";
import { trainInto } from "./trained-run";

test("a finding is proved, tried with one difference, and remembers what came of it", async ({
  application,
}) => {
  test.setTimeout(120_000);
  const source = await writeBars(application.home, 1200);
  await trainInto(
    application,
    ...["--preset", "jaketae-mlp", "--dataset", source],
    ...["--set", "data.size=8", "--set", "learningRateG=2e-7"],
    ...["--set", "learningRateD=0.001", "--steps", "600", "--seed", "1"],
    ...["--set", "checkpoints.everySteps=100", "--run-id", "won"],
    ...["--set", "checkpoints.keepLast=9", "--name", "G too slow"],
  );
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /D wins/ })
    .click();
  const doctor = page.getByRole("region", { name: "Doctor" });
  const line = doctor.getByRole("button", { name: /^D wins\./ });
  await expect(line).toContainText("D(G(z)) has been under 0.02 since step");
  // The proof is one click away.
  await doctor
    .getByRole("button", { name: "Samples where it begins" })
    .first()
    .click();
  await line.click();
  await expect(doctor.getByText("What would refute it:").first()).toBeVisible();
  await expect(
    doctor.getByText(/Expected then: D\(G\(z\)\) above 0\.02/),
  ).toBeVisible();
  await expectAccessible(page, "the doctor's finding");

  await doctor.getByRole("button", { name: /^Fork from its start/ }).click();
  const dialog = page.getByRole("dialog", { name: /^Fork “/ });
  await expect(
    dialog
      .getByRole("list", { name: "Changed settings" })
      .getByRole("listitem"),
  ).toHaveCount(1);
  await expect(
    dialog.getByText(/^Expected: D\(G\(z\)\) above 0\.02/),
  ).toBeVisible();
  await expectAccessible(page, "the dialog of a trial");
  await dialog.getByLabel("Name").fill("Faster G");
  await dialog.getByRole("button", { name: "Start the fork" }).click();

  const trial = page.getByRole("region", { name: "Trial" });
  await expect(trial).toContainText(/It (helped|did not help|came)/, {
    timeout: 60_000,
  });
  await expect(trial).toContainText("the parent's own next steps");
  await trial.getByRole("link", { name: "“D wins”" }).click();
  await line.click();
  await expect(
    doctor.getByRole("list", { name: "Tried" }).first(),
  ).toContainText("Faster G");
});

test("a difference of one's own is not held against the advice", async ({
  application,
}) => {
  const source = await writeBars(application.home, 400);
  await trainInto(
    application,
    ...["--preset", "jaketae-mlp", "--dataset", source],
    ...["--set", "data.size=8", "--set", "learningRateG=2e-7"],
    ...["--set", "learningRateD=0.001", "--steps", "400", "--seed", "1"],
    ...["--set", "checkpoints.everySteps=100", "--run-id", "won"],
  );
  const page = await application.open();
  await page
    .getByRole("list", { name: "Runs" })
    .getByRole("button", { name: /D wins/ })
    .click();
  const doctor = page.getByRole("region", { name: "Doctor" });
  await doctor.getByRole("button", { name: /^D wins\./ }).click();
  await doctor
    .getByRole("button", { name: /^Fork from its start/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: /^Fork “/ });
  await dialog.getByLabel("D learning rate", { exact: true }).fill("0.0005");
  await expect(
    dialog.getByText("With other differences than the one that was advised"),
  ).toBeVisible();
});
