/** The fuses that Electron's checklist asks for, in the configuration that packs the application. */
import { expect, it } from "vitest";
import configuration from "../../electron-builder.config";

it("the packed application cannot be run as Node, debugged, or given other code", () => {
  expect(configuration.asar).toBe(true);
  expect(configuration.electronFuses).toMatchObject({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    grantFileProtocolExtraPrivileges: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
  });
});
