/**
 * A GPU in software for the tests: SwiftShader out of the `@sparticuz/chromium` package, unpacked once. Must be asked for
 * before ONNX Runtime opens a device.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";

/** Keeps a library loaded although it is no addon; glibc's RTLD_NODELETE. */
const staysLoaded = 0x1000;

/** Null, or in a sentence why there is none here. */
export async function prepareSoftwareGpu(): Promise<string | null> {
  if (process.platform !== "linux" || process.arch !== "x64")
    return "SwiftShader is packed for Linux x64 only.";
  const modules = join(import.meta.dirname, "../../node_modules");
  const folder = join(modules, ".cache/gan-workbench/swiftshader");
  try {
    if (!existsSync(folder)) await unpack(folder);
    keepLoaded(join(folder, "libvulkan.so.1"));
  } catch (error) {
    return `SwiftShader cannot be loaded: ${String(error)}`;
  }
  // For processes that are started from here.
  process.env.LD_LIBRARY_PATH = folder;
  process.env.VK_ICD_FILENAMES = join(folder, "driver.json");
  process.env.GAN_WORKBENCH_SOFTWARE_GPU = "1";
  return null;
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

async function unpack(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const beside = await mkdtemp(folder + "-");
  const usual = process.env.TMPDIR;
  process.env.TMPDIR = beside;
  try {
    const { inflate } = await import("@sparticuz/chromium");
    const main = createRequire(import.meta.url).resolve("@sparticuz/chromium");
    await inflate(join(dirname(main), "../bin/swiftshader.tar.br"));
    const driver = { library_path: join(folder, "libvk_swiftshader.so") };
    await writeFile(
      join(beside, "driver.json"),
      JSON.stringify({
        file_format_version: "1.0.0",
        ICD: { ...driver, api_version: "1.1.0" },
      }),
    );
    await rename(beside, folder);
  } finally {
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    await rm(beside, { recursive: true, force: true });
  }
}
