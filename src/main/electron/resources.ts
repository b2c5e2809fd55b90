/** Files of the shell that are not part of the bundle: beside the archive in a package, in the checkout otherwise. */
import { join } from "node:path";
import { app } from "electron";
import { findInstallation } from "../host/places";

export function iconFile(): string {
  return app.isPackaged
    ? join(process.resourcesPath, "icon.png")
    : join(findInstallation(), "build", "icons", "512x512.png");
}

/** Of everything that a package carries; a checkout has only its own. */
export function licencesFile(): string {
  return app.isPackaged
    ? join(process.resourcesPath, "LICENSES.txt")
    : join(findInstallation(), "LICENSE");
}
