/** What "About GAN Workbench" says, on every system; the licences lie beside the program. */
import { app } from "electron";
import { iconFile } from "./resources";

export function showAbout(): void {
  app.setAboutPanelOptions({
    applicationName: "GAN Workbench",
    applicationVersion: app.getVersion(),
    copyright: "Copyright © 2026 the GAN Workbench developers. MIT licence.",
    iconPath: iconFile(),
  });
}
