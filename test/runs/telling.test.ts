/** What the system denies, said as it is: which file, and not that it was written where it was read. */
import { expect, test } from "vitest";
import { telling } from "../../src/main/runs/recording/telling";

const failing = (about: object) => () =>
  Promise.reject(Object.assign(new Error("denied"), about));

test.each([
  [
    { code: "EACCES", syscall: "scandir", path: "/proc/7/fd" },
    "/proc could not be imported: access to /proc/7/fd is not allowed; check its permissions.",
  ],
  [
    { code: "EPERM", syscall: "rename", path: "/runs/a", dest: "/trash/a" },
    "/proc could not be imported: access to /runs/a is not allowed; check its permissions.",
  ],
  [
    { code: "EACCES" },
    "/proc could not be imported: access is not allowed; check the permissions of the folder.",
  ],
])("%j", async (about, sentence) => {
  const told = telling("/proc could not be imported", failing(about));
  await expect(told).rejects.toMatchObject({ message: sentence });
});
