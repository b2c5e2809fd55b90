/**
 * A GPU in software for the tests: SwiftShader. Must be asked for before ONNX Runtime opens a device. With
 * `GAN_WORKBENCH_TEST_GPU=1` the tests take the machine's own (`npm run verify:gpu`).
 */
import { writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { unpacked } from "../chromium";

/** Keeps a library loaded although it is no addon; glibc's RTLD_NODELETE. */
const staysLoaded = 0x1000;

export const testsOwnGpu = process.env.GAN_WORKBENCH_TEST_GPU === "1";

/** Null, or in a sentence why there is none here. */
export async function prepareSoftwareGpu(): Promise<string | null> {
  if (testsOwnGpu) return null;
  if (process.platform !== "linux" || process.arch !== "x64")
    return "SwiftShader is packed for Linux x64 only.";
  // Its threads take every core, and the tests of other processes wait for clocks.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    const folder = await unpacked(
      "swiftshader",
      ["swiftshader.tar.br"],
      addDriver,
    );
    keepLoaded(join(folder, "libvulkan.so.1"));
    // For processes that are started from here.
    process.env.LD_LIBRARY_PATH = folder;
    process.env.VK_ICD_FILENAMES = join(folder, "driver.json");
    process.env.GAN_WORKBENCH_SOFTWARE_GPU = "1";
    return null;
  } catch (error) {
    return `SwiftShader cannot be loaded: ${String(error)}`;
  }
}

/** A library of this name that is loaded already is found without a search path, which cannot change any more. */
function keepLoaded(library: string): void {
  const flags = constants.dlopen.RTLD_NOW | staysLoaded;
  try {
    process.dlopen({ exports: {} }, library, flags);
  } catch (error) {
    // That it is no addon is said only after it was loaded.
    if (!String(error).includes("did not self-register")) throw error;
  }
}

async function addDriver(beside: string, folder: string): Promise<void> {
  const driver = { library_path: join(folder, "libvk_swiftshader.so") };
  await writeFile(
    join(beside, "driver.json"),
    JSON.stringify({
      file_format_version: "1.0.0",
      ICD: { ...driver, api_version: "1.1.0" },
    }),
  );
}
