/** Brings TensorFlow's library for CUDA and its addon into the user's data folder, whole or not at all. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdir, rename, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { errorMessage } from "../../../shared/errors";
import { download } from "../../data/download";
import type { WorkOptions } from "../../data/source";
import { addonFolder, addonIn } from "../../engine/tensorflow/place";
import type { CudaFile, CudaPlan } from "./plan";

/** How much larger the archives are once unpacked, about. */
const growth = 3.5;
const run = promisify(execFile);

/** Rejects with one sentence, or with the signal's reason; what was there before is then still there. */
export async function setUpCuda(
  { files, bytes }: CudaPlan,
  folder: string,
  options: WorkOptions,
): Promise<void> {
  const beside = `${folder}.new`;
  await mkdir(dirname(folder), { recursive: true });
  await refuseFullDisk(dirname(folder), bytes);
  await rm(beside, { recursive: true, force: true });
  try {
    for (const file of files) await bring(file, folder, beside, options);
    await placeWindowsLibrary(beside);
    if (!existsSync(addonIn(beside)))
      throw new Error(
        "The addon's archive does not hold what it should; nothing was changed.",
      );
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  for (const file of files) await rm(archiveOf(file, folder), { force: true });
}

/** Downloads a file beside the folder, where a second try finds what came of it, and unpacks it. */
async function bring(
  file: CudaFile,
  folder: string,
  beside: string,
  options: WorkOptions,
): Promise<void> {
  const { url, name, md5 } = file;
  const target = archiveOf(file, folder);
  await download({ urls: [url], md5, target }, options);
  options.signal.throwIfAborted();
  const into = join(beside, file.folder);
  await mkdir(into, { recursive: true });
  try {
    const strip = `--strip-components=${file.strip}`;
    await run(tarProgram(), ["-xf", target, "-C", into, strip]);
  } catch (error) {
    const [why] = errorMessage(error).split("\n");
    throw new Error(`${name} could not be unpacked: ${why}.`, { cause: error });
  }
}

/** Every Linux has one. Windows' own, there since 2018, unpacks ZIP files too; another in the path may not. */
function tarProgram(): string {
  if (process.platform !== "win32") return "tar";
  return join(process.env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe");
}

function archiveOf({ name }: CudaFile, folder: string): string {
  return join(dirname(folder), name);
}

/**
 * Windows looks for a DLL beside the addon, and some archives hold it at their top. The package's own script puts it into
 * the folder of the newest Node API instead of the addon's (tensorflow/tfjs issue 8433).
 */
async function placeWindowsLibrary(folder: string): Promise<void> {
  const deps = join(folder, "deps");
  const found = ["lib/tensorflow.dll", "tensorflow.dll", "bin/tensorflow.dll"]
    .map((path) => join(deps, path))
    .find((path) => existsSync(path));
  if (!found) return;
  await copyFile(found, join(folder, addonFolder, "tensorflow.dll"));
  await rm(found);
}

async function refuseFullDisk(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const needed = bytes * growth;
  if (bavail * bsize >= needed) return;
  throw new Error(
    `There is too little room in ${folder}: setting CUDA up takes ${(needed / 1e9).toFixed(1)} GB for a while.`,
  );
}
