/**
 * Setting CUDA up from a server of this test's own, which answers as the storage does. The archives hold TensorFlow's real
 * library where `GAN_WORKBENCH_TFJS_NATIVE` names a build of it, and then the engine trains with what was set up.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { CudaPlan } from "../../src/main/engines/cuda/plan";
import { planCuda } from "../../src/main/engines/cuda/plan";
import { setUpCuda } from "../../src/main/engines/cuda/set-up";
import { Engines } from "../../src/main/engines/engines";
import { forkNode } from "../../src/main/engines/fork";
import { bePatient } from "../engine/patience";

bePatient();

const native = process.env.GAN_WORKBENCH_TFJS_NATIVE;
const driver = "NVIDIA driver 550.54";
let server: Server;
let archives: string;
let asked: string[];
/** Of the archives, known before they are asked for: the storage answers at once. */
let digests: Map<string, string>;

beforeEach(async () => {
  archives = await mkdtemp(join(tmpdir(), "cuda-archives-"));
  asked = [];
  digests = new Map();
  server = createServer((request, response) => {
    const file = join(archives, basename(request.url ?? ""));
    asked.push(`${request.method} ${request.url}`);
    const md5 = digests.get(basename(file));
    if (!md5) return response.writeHead(404).end();
    response.writeHead(200, {
      "content-length": statSync(file).size,
      "x-goog-hash": `crc32c=AAAAAA==, md5=${md5}`,
    });
    if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  process.env.TFJS_NODE_CDN_STORAGE = `http://127.0.0.1:${port}/`;
});

afterEach(() => {
  delete process.env.TFJS_NODE_CDN_STORAGE;
  server.close();
});

/** As the storage packs them: the library below `lib`, the addon below a folder of its own. */
async function pack(ending: string, library: string): Promise<void> {
  const system = ending === "zip" ? "windows" : "linux";
  const folder = await mkdtemp(join(tmpdir(), "cuda-content-"));
  const addon = join(folder, "napi-v8");
  await mkdir(join(folder, "lib"));
  await mkdir(addon);
  await writeFile(join(addon, "tfjs_binding.node"), "addon");
  await writeFile(join(folder, "lib", library), "library");
  await tar(
    folder,
    `libtensorflow-gpu-${system}-x86_64-2.9.1.${ending}`,
    "lib",
  );
  await tar(folder, `GPU-${system}-4.22.0.${ending}`, "napi-v8");
}

async function tar(from: string, name: string, what: string): Promise<void> {
  const file = join(archives, name);
  execFileSync("tar", ["-cf", file, "-C", from, what]);
  const hash = createHash("md5");
  await pipeline(createReadStream(file), hash);
  digests.set(name, hash.digest("base64"));
}

const options = () => ({
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

async function target(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "cuda-data-")), "tensorflow");
}

it("says what it will download and how large it is, and puts library and addon where they find each other", async () => {
  await pack("tar.gz", "libtensorflow.so.2.9.1");
  const plan = await planCuda("linux x64", driver);
  expect(plan.files.map(({ name }) => name)).toEqual([
    "libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz",
    "GPU-linux-4.22.0.tar.gz",
  ]);
  const sizes = await Promise.all(
    (await readdir(archives)).map((name) => stat(join(archives, name))),
  );
  expect(plan.bytes).toBe(sizes.reduce((sum, { size }) => sum + size, 0));

  const folder = await target();
  const told: number[] = [];
  await setUpCuda(plan, folder, {
    ...options(),
    onProgress: ({ done }) => void told.push(done),
  });
  // As the addon looks for it: $ORIGIN/../../deps/lib.
  expect(existsSync(join(folder, "deps/lib/libtensorflow.so.2.9.1"))).toBe(
    true,
  );
  expect(existsSync(join(folder, "lib/napi-v8/tfjs_binding.node"))).toBe(true);
  expect(told.length).toBeGreaterThan(0);
  expect(await readdir(join(folder, ".."))).toEqual(["tensorflow"]);
});

it("lays Windows' library beside the addon", async () => {
  await pack("zip", "tensorflow.dll");
  const folder = await target();
  await setUpCuda(await planCuda("win32 x64", driver), folder, options());
  expect((await readdir(join(folder, "lib/napi-v8"))).sort()).toEqual([
    "tensorflow.dll",
    "tfjs_binding.node",
  ]);
});

it("says where it cannot work, before anything is downloaded", async () => {
  await expect(planCuda("darwin arm64", null)).rejects.toThrow(
    "There is no CUDA on macOS; webgpu trains",
  );
  await expect(planCuda("linux arm64", driver)).rejects.toThrow("on x64");
  await expect(planCuda("linux x64", null)).rejects.toThrow(
    "No NVIDIA driver was found here",
  );
  expect(asked).toEqual([]);
  await expect(planCuda("linux x64", driver)).rejects.toThrow(
    /does not have libtensorflow-gpu-linux-x86_64-2\.9\.1\.tar\.gz \(404\)/,
  );
});

it("leaves what was set up before where a download fails", async () => {
  await pack("tar.gz", "libtensorflow.so.2.9.1");
  const plan = await planCuda("linux x64", driver);
  const folder = await target();
  await setUpCuda(plan, folder, options());
  const broken: CudaPlan = {
    ...plan,
    files: plan.files.map((file) => ({ ...file, url: `${file.url}.gone` })),
  };
  await expect(setUpCuda(broken, folder, options())).rejects.toThrow(
    "could not be downloaded",
  );
  expect(existsSync(join(folder, "lib/napi-v8/tfjs_binding.node"))).toBe(true);
});

it.skipIf(!native)(
  `trains with the library that was set up ${native ? "" : "(skipped: no build of TensorFlow's library is named)"}`,
  async () => {
    await tar(
      join(native ?? "", "deps"),
      "libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz",
      "lib",
    );
    await tar(join(native ?? "", "lib"), "GPU-linux-4.22.0.tar.gz", "napi-v8");
    delete process.env.GAN_WORKBENCH_TFJS_NATIVE;
    const dataFolder = join(await target(), "..");
    const engines = new Engines(dataFolder, "1.0.0", forkNode);
    await engines.setUpCuda(await planCuda("linux x64", driver), options());
    const [, , tensorFlow] = await engines.list();
    expect(tensorFlow).toMatchObject({ id: "tfjs", available: true });
    expect(tensorFlow.selfTest?.difference).toBeLessThan(1e-4);
    process.env.GAN_WORKBENCH_TFJS_NATIVE = native;
  },
);
