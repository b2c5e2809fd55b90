/** `npm run test:slurm [-- --requeue]`: a sweep on a real Slurm cluster of this machine. */
import { startVitest } from "vitest/node";

const words = process.argv.slice(2);
if (words.includes("--requeue")) process.env.GAN_WORKBENCH_TEST_REQUEUE = "1";
const vitest = await startVitest("test", [], { project: "slurm", run: true });
await vitest.close();
