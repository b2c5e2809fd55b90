/** Names of files that every system takes, whatever people call their runs and files. */

/** Devices of Windows, whatever comes behind a dot. */
const device = /^(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)\s*(\.|$)/i;
/** Signs that some system refuses, and what cannot be seen. */
const forbidden = /[<>:"/\\|?*\p{Cc}\p{Zl}\p{Zp}]/u;

/** Whether Windows, macOS and Linux all take it as it is. */
export function isSafeName(name: string): boolean {
  return (
    name !== "" &&
    name.length <= 200 &&
    !device.test(name) &&
    !forbidden.test(name) &&
    !/[. ]$/.test(name)
  );
}

/** Letters, digits, `_`, `.` and `-` only, at most 60 of them, never empty. */
export function safeName(text: string): string {
  const plain = text
    .normalize("NFKD")
    .replace(/[^\w.-]+/g, "-")
    .slice(0, 60)
    .replace(/^[-.]+|[-.]+$/g, "");
  return device.test(plain) ? `run-${plain}` : plain || "run";
}

/** What somebody called something, on one line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
