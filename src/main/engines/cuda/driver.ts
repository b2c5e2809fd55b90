/** The NVIDIA driver of this machine, found by the files that it installs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where Linux distributions and the Windows subsystem keep the driver's library. */
const linuxLibraries = [
  "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
  "/usr/lib64/libcuda.so.1",
  "/usr/lib/libcuda.so.1",
  "/usr/lib/wsl/lib/libcuda.so.1",
  "/run/opengl-driver/lib/libcuda.so.1",
];

/** What it is, for people; null where there is none. */
export function findDriver(): string | null {
  switch (process.platform) {
    case "linux":
      return linuxDriver();
    case "win32": {
      const root = process.env.SystemRoot ?? "C:\\Windows";
      const isThere = existsSync(join(root, "System32", "nvcuda.dll"));
      return isThere ? "NVIDIA driver" : null;
    }
    default:
      return null;
  }
}

function linuxDriver(): string | null {
  const version = loadedVersion();
  if (version) return `NVIDIA driver ${version}`;
  return linuxLibraries.some((path) => existsSync(path))
    ? "NVIDIA driver"
    : null;
}

function loadedVersion(): string | null {
  try {
    const text = readFileSync("/proc/driver/nvidia/version", "utf8");
    return /\b\d+\.\d+(\.\d+)?\b/.exec(text)?.[0] ?? null;
  } catch {
    return null;
  }
}
