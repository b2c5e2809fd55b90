/** What an engine's verdict depends on: this machine with its drivers, and this application with its libraries. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { arch, cpus, platform, release } from "node:os";
import { join } from "node:path";
import { findTensorFlow } from "../engine/tensorflow/place";

/** They choose among drivers and devices. */
const variables = [
  "GAN_WORKBENCH_SOFTWARE_GPU",
  "VK_ICD_FILENAMES",
  "VK_DRIVER_FILES",
  "CUDA_VISIBLE_DEVICES",
];

/** Files that are new when a driver is. */
const drivers: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: [
    "/usr/share/vulkan/icd.d",
    "/etc/vulkan/icd.d",
    "/usr/lib/x86_64-linux-gnu/libcuda.so.1",
  ],
  win32: [
    join(
      process.env.SystemRoot ?? "C:\\Windows",
      "System32/DriverStore/FileRepository",
    ),
  ],
};

/** Differs whenever what was found out about engines may not hold any more. */
export function machineStamp(version: string): string {
  const tensorFlow = findTensorFlow()?.addon ?? "";
  const known = [
    version,
    platform(),
    arch(),
    release(),
    cpus().at(0)?.model,
    nvidiaDriver(),
    tensorFlow,
    ...[tensorFlow, ...(drivers[platform()] ?? [])].map(changedAt),
    ...variables.map((name) => process.env[name] ?? ""),
  ];
  return createHash("sha256").update(JSON.stringify(known)).digest("hex");
}

/** The NVIDIA driver that Linux has loaded. */
function nvidiaDriver(): string {
  try {
    return readFileSync("/proc/driver/nvidia/version", "utf8");
  } catch {
    return "";
  }
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
