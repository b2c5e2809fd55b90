/**
 * What `electron.d.ts` declares, read as text: the events and members of each class. A faked object may only emit, and
 * only be asked for, what is written there.
 */
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const file = join(
  dirname(createRequire(import.meta.url).resolve("electron/package.json")),
  "electron.d.ts",
);
let text: string | undefined;

/** The body of a class or interface, with that of what it extends. */
function declarationOf(name: string): string {
  text ??= readFileSync(file, "utf8");
  const start = new RegExp(
    `^  (?:class|interface) ${name}(?: extends ([\\w.]+))?[^\\n]*\\{$`,
    "m",
  ).exec(text);
  if (!start) throw new Error(`electron.d.ts declares no ${name}.`);
  const body = text.slice(start.index, text.indexOf("\n  }\n", start.index));
  const parent = start[1];
  return parent && !/EventEmitter$/.test(parent)
    ? body + declarationOf(parent)
    : body;
}

export function declares(name: string, member: string): boolean {
  return new RegExp(`^    (static |readonly )*${member}\\??[(:<]`, "m").test(
    declarationOf(name),
  );
}

/** Of a class that only Electron has, or its own name where they are alike. */
export class DeclaredEmitter extends EventEmitter {
  /** The name in `electron.d.ts`. */
  static readonly electron: string = "";

  override emit(event: string, ...values: unknown[]): boolean {
    const { electron } = this.constructor as typeof DeclaredEmitter;
    if (!declarationOf(electron).includes(`on(event: '${event}',`))
      throw new Error(`Electron's ${electron} has no event "${event}".`);
    return super.emit(event, ...values);
  }
}
