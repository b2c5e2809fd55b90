/** A process that trains into a library until it is killed, and prints each step that its recorder has taken. */
import { createStore } from "../../src/main/runs/store";
import { TrainerThread } from "../../src/main/trainer/spawn";
import { jaketaeMlp } from "../../src/shared/settings/presets/jaketae-mlp";
import type { TrainingSettings } from "../../src/shared/settings/settings";

const [library, dataFolder] = process.argv.slice(2);
const settings: TrainingSettings = {
  ...jaketaeMlp.settings,
  data: {
    ...jaketaeMlp.settings.data,
    source: "strokes",
    limit: { count: 640, pick: "first" },
  },
  checkpoints: { ...jaketaeMlp.settings.checkpoints, everySteps: 10 },
};
const store = await createStore(library);
const recorder = await store.create({
  settings,
  name: null,
  environment: null,
  parent: null,
});
for await (const event of new TrainerThread().start({
  settings,
  dataFolder,
  from: null,
})) {
  if (
    event.type === "preparing" ||
    event.type === "engine" ||
    event.type === "images-skipped" ||
    event.type === "data-warnings"
  )
    continue;
  await recorder.handle(event);
  if (event.type === "checkpoint") console.log(event.checkpoint.position.step);
}
