/** The two commands that do not need a browser to be tried: `npm start` without a display, and `serve` on a taken port. */
import { spawn } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";

const root = join(import.meta.dirname, "../..");

test("without a display, npm start says why and serves browser mode", async () => {
  const { output, code } = await run(["bin/start.mjs"], "GAN Workbench is at");
  expect(output).toContain(
    "There is no display here, so GAN Workbench starts in browser mode.",
  );
  expect(output).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#key=/);
  expect(code).toBe(0);
});

test("a port that is taken is refused with a sentence", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const serve = ["bin/gan-workbench.mjs", "serve", "--port", String(port)];
  const { output, code } = await run(serve, null);
  expect(output).toContain(`Port ${port} is taken by another program`);
  expect(code).toBe(2);
  other.close();
});

/** Runs until it ends by itself, or is asked to when it has printed `until`. */
async function run(
  args: string[],
  until: string | null,
): Promise<{ output: string; code: number | null }> {
  const home = await mkdtemp(join(tmpdir(), "gan-workbench-start-"));
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    GAN_WORKBENCH_HOME: home,
  };
  delete environment.DISPLAY;
  delete environment.WAYLAND_DISPLAY;
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: environment,
  });
  let output = "";
  const isThere = () => until !== null && output.includes(until);
  const hear = (data: unknown) => {
    const wasThere = isThere();
    output += String(data);
    if (!wasThere && isThere()) child.kill("SIGINT");
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const code = await new Promise<number | null>((resolve) =>
    child.once("exit", resolve),
  );
  return { output, code };
}
