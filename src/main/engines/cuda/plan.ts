/**
 * What setting CUDA up takes: TensorFlow's library 2.9.1 and the addon of TensorFlow.js 4.22.0, which the package itself
 * would download at its installation, from the same addresses. TensorFlow's table of tested builds names CUDA 11.2 and cuDNN 8.1
 * for it; those come from NVIDIA and are the user's.
 */
import { throughProxy } from "../../data/proxy";
import { addonFolder } from "../../engine/tensorflow/place";
import { errorMessage } from "../../../shared/errors";
import { findDriver } from "./driver";

export interface CudaFile {
  url: string;
  name: string;
  /** Below TensorFlow's folder, where its content goes. */
  folder: string;
  /** Outer folders of its content that are left out. */
  strip: number;
  bytes: number;
  /** Lower-case hexadecimal. */
  md5: string;
}

export interface CudaPlan {
  driver: string;
  files: CudaFile[];
  /** Of all downloads. */
  bytes: number;
}

/** The package's own switch for another host; it ends in a slash. */
const hostSwitch = "TFJS_NODE_CDN_STORAGE";
const usualHost = "https://storage.googleapis.com/";
const addonVersion = "4.22.0";
const libraryVersion = "2.9.1";

const systems: Partial<Record<string, { name: string; ending: string }>> = {
  "linux x64": { name: "linux", ending: "tar.gz" },
  "win32 x64": { name: "windows", ending: "zip" },
};

/** Rejects with one sentence where CUDA cannot work here or the servers cannot be asked. */
export async function planCuda(
  system = `${process.platform} ${process.arch}`,
  driver = findDriver(),
): Promise<CudaPlan> {
  const found = systems[system];
  if (system.startsWith("darwin"))
    throw new Error(
      "There is no CUDA on macOS; webgpu trains on the GPU of Apple chips without any set-up.",
    );
  if (!found)
    throw new Error(
      `TensorFlow's library for CUDA is made for Linux and Windows on x64, and this is ${system}.`,
    );
  if (driver === null)
    throw new Error(
      "No NVIDIA driver was found here, so CUDA cannot work; install the driver of your NVIDIA card, or use webgpu with any other card.",
    );
  const { name, ending } = found;
  const host = process.env[hostSwitch] ?? usualHost;
  const files = await Promise.all([
    ask(
      `${host}tensorflow/libtensorflow/libtensorflow-gpu-${name}-x86_64-${libraryVersion}.${ending}`,
      { folder: "deps", strip: 0 },
    ),
    ask(
      `${host}tf-builds/pre-built-binary/napi-v8/${addonVersion}/GPU-${name}-${addonVersion}.${ending}`,
      // As node-pre-gyp unpacks it.
      { folder: addonFolder, strip: 1 },
    ),
  ]);
  return {
    driver,
    files,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** How large a file is, and its checksum, which the storage keeps with it. */
async function ask(
  url: string,
  place: Pick<CudaFile, "folder" | "strip">,
): Promise<CudaFile> {
  const { host, pathname } = new URL(url);
  const name = pathname.slice(pathname.lastIndexOf("/") + 1);
  const answer = await head(url).catch((error: unknown) => {
    const why = errorMessage(error);
    throw new Error(`${host} cannot be reached to download ${name}: ${why}.`);
  });
  if (!answer.ok)
    throw new Error(`${host} does not have ${name} (${answer.status}).`);
  const hash = /md5=([A-Za-z0-9+/=]+)/.exec(
    answer.headers.get("x-goog-hash") ?? "",
  );
  const bytes = Number(answer.headers.get("content-length"));
  if (!hash || !(bytes > 0))
    throw new Error(
      `${host} does not say how large ${name} is, or its checksum.`,
    );
  const md5 = Buffer.from(hash[1], "base64").toString("hex");
  return { url, name, ...place, bytes, md5 };
}

async function head(url: string): Promise<Response> {
  const signal = AbortSignal.timeout(20_000);
  return fetch(url, await throughProxy({ method: "HEAD", signal }));
}
