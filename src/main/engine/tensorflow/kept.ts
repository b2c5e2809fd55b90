/** Compiled programs by their keys, the last used of them; the others are disposed of. */

export interface Disposable {
  dispose(): void;
}

export class Kept<T extends Disposable> {
  /** In the order of their last use. */
  private readonly all = new Map<string, T>();

  constructor(private readonly most: number) {}

  /** What is known by the key, or else what `create` makes. `needed` is not disposed of, however long unused. */
  async get(
    key: string,
    create: () => Promise<T>,
    needed: T | null = null,
  ): Promise<T> {
    const found = this.all.get(key) ?? (await create());
    this.set(key, found);
    for (const [oldest, it] of this.all) {
      if (this.all.size <= this.most) break;
      if (it === found || it === needed) continue;
      this.all.delete(oldest);
      it.dispose();
    }
    return found;
  }

  /** Takes the place of what was known by the key, which is disposed of. */
  set(key: string, value: T): void {
    const before = this.all.get(key);
    this.all.delete(key);
    this.all.set(key, value);
    if (before && before !== value) before.dispose();
  }

  dispose(): void {
    for (const it of this.all.values()) it.dispose();
    this.all.clear();
  }
}
