/** The runs that come with the application: opened to look at, and taken away without a trace. */
import { idOf } from "../../shared/run";
import type { Application } from "./application.svelte";

export class Examples {
  constructor(private readonly application: Application) {}

  /** Opens them and shows the first. */
  async open(): Promise<void> {
    const { client, navigation, notices, runs } = this.application;
    const opened = await notices.guard(client.runs.openExamples({}));
    if (!opened) return;
    for (const listing of opened) runs.put(listing);
    await notices.guard(runs.load());
    notices.inform(
      `${opened.length} finished runs are open as examples: look at their samples, compare them, export them.`,
    );
    navigation.showRun(idOf(opened[0]), "overview");
  }

  async remove(): Promise<void> {
    const { client, notices, runs } = this.application;
    this.leave();
    const count = await notices.guard(client.runs.removeExamples({}));
    if (count === null) return;
    await notices.guard(runs.load());
    notices.inform(
      count > 0 ? "The examples are gone." : "No examples are open.",
    );
  }

  /** No view stays with a run that is about to go. */
  private leave(): void {
    const { navigation, runs } = this.application;
    const { route } = navigation;
    const isExample = (id: string) => runs.peek(id)?.record.example === true;
    if (route.view === "run" && isExample(route.run))
      navigation.go({ view: "train" });
    if (route.view === "compare" && route.runs.some(isExample))
      navigation.go({
        view: "compare",
        runs: route.runs.filter((id) => !isExample(id)),
      });
  }
}
