/** The scripts of `bin/` are plain JavaScript that Node starts as it is, so the tests run them in a Node of their own. */
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const execute = promisify(execFile);
const folder = resolve(import.meta.dirname, "../../bin");

/** What an expression over a script's exports gives, `m`, and what was printed before. */
export async function evaluate(
  script: string,
  expression: string,
  env: Record<string, string> = {},
): Promise<{ value: unknown; printed: string; warned: string }> {
  const url = pathToFileURL(resolve(folder, script)).href;
  const code = `import * as m from ${JSON.stringify(url)}; const value = await (${expression}); console.log("\\n" + JSON.stringify({ value }));`;
  const { stdout, stderr } = await execute(
    process.execPath,
    ["--input-type=module", "--eval", code],
    { env: { ...process.env, ...env } },
  );
  const lines = stdout.trimEnd().split("\n");
  const { value } = JSON.parse(lines.pop() ?? "") as { value: unknown };
  return { value, printed: lines.join("\n"), warned: stderr };
}
