/**
 * Ubuntu from 23.10 on lets ordinary users make no namespaces of their own, which Chromium's sandbox is made of; npm
 * cannot install the helper that does without them, and Electron dies by SIGTRAP (electron 42510).
 */
import { existsSync, readFileSync, statSync } from "node:fs";

const restriction = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";

/** Why Electron's sandbox cannot start, with the two commands that let it, or null. */
export function sandboxObstacle(
  helper,
  { setting = restriction, user = process.getuid?.() } = {},
) {
  const isRestricted =
    existsSync(setting) && readFileSync(setting, "utf8").trim() === "1";
  if (!isRestricted || user === 0 || isSetUserId(helper)) return null;
  return [
    "This system's AppArmor forbids the sandbox that Electron needs. To allow it, once for each version of Electron, run",
    `  sudo chown root:root "${helper}"`,
    `  sudo chmod 4755 "${helper}"`,
    "For now the desktop window cannot open",
  ].join("\n");
}

function isSetUserId(helper) {
  if (!existsSync(helper)) return false;
  const { uid, mode } = statSync(helper);
  return uid === 0 && (mode & 0o7777) === 0o4755;
}
