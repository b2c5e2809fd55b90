/** The few things of a kind that are open at once: the one that was used least recently makes room. */
export class RecentlyUsed<T> {
  private readonly open = new Map<string, T>();

  constructor(
    private readonly most: number,
    private readonly close: (value: T) => Promise<void>,
    /** For who asks for one that is gone. */
    private readonly gone: string,
  ) {}

  has(key: string): boolean {
    return this.open.has(key);
  }

  /** Throws the sentence where it is gone. */
  get(key: string): T {
    const value = this.open.get(key);
    if (value === undefined) throw new Error(this.gone);
    this.open.delete(key);
    this.open.set(key, value);
    return value;
  }

  async add(key: string, value: T): Promise<void> {
    this.open.set(key, value);
    for (const [oldest] of this.open) {
      if (this.open.size <= this.most) return;
      await this.remove(oldest);
    }
  }

  /** Nothing where it is gone already. */
  async remove(key: string): Promise<void> {
    const value = this.open.get(key);
    this.open.delete(key);
    if (value !== undefined) await this.close(value);
  }
}
