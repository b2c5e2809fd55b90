/**
 * A Slurm cluster of this one machine, started by hand on loopback in a folder of its own, without systemd or root's
 * configuration: munged, slurmctld and slurmd of Debian's `slurm-wlm`. Ended by the processes that were started.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const daemons = ["munged", "slurmctld", "slurmd", "sbatch", "squeue"];

/** Why it cannot be started here, or null. */
export function whyNot(): string | null {
  if (process.platform !== "linux") return "Slurm runs on Linux";
  const missing = daemons.filter(
    (name) => spawnSync("which", [name], { env: withTools() }).status !== 0,
  );
  if (missing.length > 0)
    return `${missing.join(", ")} not installed; on Debian: apt-get install --no-install-recommends slurm-wlm`;
  return process.getuid?.() === 0
    ? null
    : "slurmd starts jobs only as root or as itself";
}

export class Cluster {
  /** What a program needs to speak to it. */
  readonly environment: NodeJS.ProcessEnv;
  private readonly processes: ChildProcess[] = [];

  private constructor(readonly folder: string) {
    const SLURM_CONF = join(folder, "slurm.conf");
    this.environment = { ...withTools(), SLURM_CONF };
  }

  /** Resolves when the node is idle; rejects with the daemons' logs where it does not become so. */
  static async start(): Promise<Cluster> {
    const cluster = new Cluster(await mkdtemp(join(tmpdir(), "slurm-")));
    try {
      await cluster.begin();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async stop(): Promise<void> {
    await this.endJobs();
    for (const child of this.processes.reverse()) {
      child.kill("SIGTERM");
      for (let wait = 0; child.exitCode === null && wait < 100; wait++)
        await delay(50);
      if (child.exitCode === null) child.kill("SIGKILL");
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The standard output of one of Slurm's commands. */
  ask(command: string, ...words: string[]): string {
    const { stdout } = spawnSync(command, words, {
      env: this.environment,
      encoding: "utf8",
    });
    return stdout;
  }

  /** Also those of a test that failed: what they train outlives the daemons. */
  private async endJobs(): Promise<void> {
    const left = () =>
      this.ask("squeue", "--noheader", "--format=%A")
        .split("\n")
        .filter(Boolean);
    // Slurm itself kills what does not end at the first word, after half a minute.
    for (let wait = 0; left().length > 0 && wait < 90; wait++) {
      if (wait % 30 === 0) this.ask("scancel", "--quiet", ...left());
      await delay(500);
    }
  }

  private async begin(): Promise<void> {
    const { folder } = this;
    for (const name of ["munge", "run", "state", "spool", "log"])
      await mkdir(join(folder, name));
    // munged refuses a key that others may read, and a socket whose folder they may not.
    await chmod(folder, 0o755);
    await chmod(join(folder, "munge"), 0o700);
    await chmod(join(folder, "run"), 0o755);
    const key = join(folder, "munge/munge.key");
    await writeFile(key, randomBytes(1024), { mode: 0o400 });
    await writeFile(join(folder, "slurm.conf"), await this.configuration());
    this.spawn("munged", [
      "--foreground",
      `--socket=${join(folder, "run/munge.socket")}`,
      `--key-file=${key}`,
      `--pid-file=${join(folder, "run/munged.pid")}`,
      `--log-file=${join(folder, "munge/munged.log")}`,
      `--seed-file=${join(folder, "munge/munged.seed")}`,
    ]);
    await delay(500);
    this.spawn("slurmctld", ["-D", "-f", join(folder, "slurm.conf")]);
    const node = ["-N", hostname().split(".")[0]];
    this.spawn("slurmd", ["-D", "-f", join(folder, "slurm.conf"), ...node]);
    for (let wait = 0; wait < 300; wait++) {
      if (this.ask("sinfo", "--noheader", "--format=%T").includes("idle"))
        return;
      await delay(100);
    }
    throw new Error(`Slurm's node did not become idle:\n${this.said}`);
  }

  private said = "";

  private spawn(program: string, words: string[]): void {
    const child = spawn(program, words, {
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => (this.said += text.toString()));
    child.on("error", (error) => (this.said += String(error)));
    this.processes.push(child);
  }

  private async configuration(): Promise<string> {
    const at = (name: string) => join(this.folder, name);
    const host = hostname().split(".")[0];
    const [controller, node] = await freePorts(2);
    return `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${at("run/munge.socket")}
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("run/slurmctld.pid")}
SlurmdPidFile=${at("run/slurmd.pid")}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
JobCompType=jobcomp/filetxt
JobCompLoc=${at("log/jobcomp.txt")}
NodeName=${host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=2000 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP
`;
  }
}

/** Debian keeps the daemons in /usr/sbin, which is not on everybody's path. */
function withTools(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => {
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  for (const server of servers) server.close();
  return ports;
}
