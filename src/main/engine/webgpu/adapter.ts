/**
 * Which GPU this process computes on. ONNX Runtime does not say, so the operating system is asked: on Linux by the Vulkan
 * driver that is loaded by then, elsewhere by the display adapters that there are.
 */
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface Adapter {
  name: string;
  driver: string | null;
  /** Whether it computes on the processor. */
  isSoftware: boolean;
}

const run = promisify(execFile);
/** How long the operating system may take, in milliseconds. */
const patience = 15_000;
const softwareNames =
  /swiftshader|llvmpipe|lavapipe|libvulkan_lvp|basic (render|display)/i;

/** Never rejects: an adapter of unknown name is called "GPU". */
export async function findAdapter(): Promise<Adapter> {
  try {
    switch (process.platform) {
      case "linux":
        return await linuxAdapter();
      case "win32":
        return await windowsAdapter();
      case "darwin":
        return await macAdapter();
      default:
        return adapterOf("GPU", null);
    }
  } catch {
    return adapterOf("GPU", null);
  }
}

async function linuxAdapter(): Promise<Adapter> {
  const maps = await readFile("/proc/self/maps", "utf8");
  if (/libvk_swiftshader/.test(maps)) return adapterOf("SwiftShader", null);
  const nvidia = await nvidiaModel();
  if (/libnvidia-|libGLX_nvidia/.test(maps) && nvidia) return nvidia;
  if (/libvulkan_radeon/.test(maps)) return adapterOf("AMD GPU", null);
  if (/libvulkan_intel/.test(maps)) return adapterOf("Intel GPU", null);
  if (/libvulkan_lvp/.test(maps)) return adapterOf("llvmpipe", null);
  return adapterOf("GPU", null);
}

async function nvidiaModel(): Promise<Adapter | null> {
  const folder = "/proc/driver/nvidia";
  const [gpu] = await readdir(`${folder}/gpus`).catch(() => []);
  if (!gpu) return null;
  const about = await readFile(`${folder}/gpus/${gpu}/information`, "utf8");
  const version = await readFile(`${folder}/version`, "utf8");
  return adapterOf(
    /Model:\s*(.+)/.exec(about)?.[1] ?? "NVIDIA GPU",
    /\b(\d+\.\d+(\.\d+)?)\b/.exec(version)?.[1] ?? null,
  );
}

async function windowsAdapter(): Promise<Adapter> {
  const question =
    "Get-CimInstance Win32_VideoController | ForEach-Object { $_.Name + '|' + $_.DriverVersion }";
  const { stdout } = await run(
    "powershell.exe",
    ["-NoProfile", "-Command", question],
    { timeout: patience },
  );
  const adapters = stdout
    .split(/\r?\n/)
    .filter(Boolean)
    .map((line) => adapterOf(line.split("|")[0], line.split("|")[1] ?? null));
  return (
    adapters.find(({ isSoftware }) => !isSoftware) ??
    adapters.at(0) ??
    adapterOf("GPU", null)
  );
}

async function macAdapter(): Promise<Adapter> {
  const { stdout } = await run("sysctl", ["-n", "machdep.cpu.brand_string"], {
    timeout: patience,
  });
  return adapterOf(`${stdout.trim()} GPU`, null);
}

function adapterOf(name: string, driver: string | null): Adapter {
  return { name, driver, isSoftware: softwareNames.test(name) };
}
