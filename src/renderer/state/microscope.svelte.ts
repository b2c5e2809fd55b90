/** The step microscope: one open specimen, stepped by hand. */
import type {
  ActivationView,
  MicroscopeView,
  Specimen,
} from "../../shared/contract/microscope";
import { errorMessage } from "../../shared/errors";
import type { NetworkRole } from "../../shared/settings/settings";
import type { Application } from "./application.svelte";

export class Microscope {
  view = $state.raw<MicroscopeView | null>(null);
  busy = $state(false);
  sameBatch = $state(false);
  activations = $state.raw<readonly ActivationView[] | null>(null);
  failure = $state<string | null>(null);

  constructor(private readonly application: Application) {}

  async open(specimen: Specimen): Promise<void> {
    await this.close();
    await this.work(() =>
      this.application.client.microscope.open({ specimen }),
    );
  }

  async step(network: NetworkRole): Promise<void> {
    const { view, sameBatch } = this;
    if (!view) return;
    await this.work(() =>
      this.application.client.microscope.update({
        id: view.id,
        network,
        sameBatch: sameBatch && view.last !== null,
      }),
    );
  }

  async reset(): Promise<void> {
    const { view } = this;
    if (!view) return;
    await this.work(() =>
      this.application.client.microscope.reset({ id: view.id }),
    );
  }

  async look(
    network: NetworkRole,
    index: number,
    image: "real" | "fake",
  ): Promise<void> {
    if (!this.view) return;
    const { id } = this.view;
    this.activations = await this.application.notices.guard(
      this.application.client.microscope.activations({
        id,
        network,
        index,
        image,
      }),
    );
  }

  async close(): Promise<void> {
    const { view } = this;
    this.view = null;
    this.activations = null;
    if (view)
      await this.application.client.microscope
        .close({ id: view.id })
        .catch(() => null);
  }

  private async work(call: () => Promise<MicroscopeView>): Promise<void> {
    this.busy = true;
    try {
      this.view = await call();
      [this.activations, this.failure] = [null, null];
    } catch (error) {
      this.failure = errorMessage(error);
    }
    this.busy = false;
  }
}
