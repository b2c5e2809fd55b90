/**
 * Closed, but training: the window is hidden, a mark in the tray brings it back, and the application ends with the run.
 */
import { Menu, nativeImage, Tray } from "electron";
import type { BrowserWindow } from "electron";
import { isActive } from "../../shared/run";
import type { Application } from "../host/app";
import { iconFile } from "./resources";

type Host = Pick<Application, "onEvent" | "stopTraining" | "trainingRun">;

export class Background {
  private tray: Tray | null = null;
  /** The run that it waits for. */
  private run: string | null = null;

  constructor(
    private readonly window: BrowserWindow,
    private readonly application: Host,
  ) {
    const stop = application.onEvent((event) => {
      if (
        event.type === "run-changed" &&
        event.listing.kind === "run" &&
        event.listing.record.id === this.run &&
        !isActive(event.listing.record.state) &&
        // A GPU was lost, and the processor takes over in a moment.
        event.listing.record.state !== "interrupted"
      )
        this.quit();
    });
    window.on("show", () => this.leave());
    window.once("closed", () => {
      stop();
      this.leave();
    });
  }

  enter(): void {
    this.run = this.application.trainingRun();
    this.window.hide();
    this.tray ??= this.mark();
  }

  private leave(): void {
    this.run = null;
    this.tray?.destroy();
    this.tray = null;
  }

  private mark(): Tray {
    const size = process.platform === "darwin" ? 18 : 32;
    const icon = nativeImage.createFromPath(iconFile());
    const tray = new Tray(icon.resize({ width: size, height: size }));
    tray.setToolTip("GAN Workbench is training");
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: "Show Window", click: () => this.window.show() },
        { label: "Stop and Quit", click: () => this.quit() },
      ]),
    );
    tray.on("click", () => this.window.show());
    return tray;
  }

  /** What was learned is on disk before the window goes. */
  private quit(): void {
    void this.application.stopTraining().then(() => this.window.close());
  }
}
