/** What the window remembers between launches: one value of JSON a key, kept by the application. */
import type { z } from "zod";
import type { AppClient } from "../../shared/contract/index";

export class Preferences {
  private values = $state.raw<Readonly<Record<string, unknown>>>({});

  constructor(private readonly client: AppClient) {}

  /** Whether they were asked for; what is chosen before would not be what was remembered. */
  loaded = $state(false);

  async load(): Promise<void> {
    try {
      this.values = await this.client.app.preferences({});
    } finally {
      this.loaded = true;
    }
  }

  /** The remembered value where it still fits the schema, else `fallback`. */
  get<T>(key: string, schema: z.ZodType<T>, fallback: T): T {
    const parsed = schema.safeParse(this.values[key]);
    return parsed.success ? parsed.data : fallback;
  }

  set(key: string, value: unknown): void {
    this.values = { ...this.values, [key]: value };
    // What cannot be kept is forgotten at the next launch; nothing else depends on it.
    void this.client.app
      .setPreference({ key, value: value as never })
      .catch(() => null);
  }
}
