/** A GPU that failed during the work: it was unplugged, its driver was reset, or its memory is full. */
import { errorMessage } from "../../shared/errors";
import type { ProgramCall, ProgramRunner, Values } from "./runner";

export class DeviceError extends Error {
  override name = "DeviceError";
}

/** A runner whose failures are DeviceErrors that name the device. */
export class DeviceRunner implements ProgramRunner {
  constructor(
    private readonly inner: ProgramRunner,
    private readonly device: string,
  ) {}

  get acceptsBytes(): boolean {
    return this.inner.acceptsBytes;
  }

  preferredSteps(batch: number): number {
    return this.inner.preferredSteps(batch);
  }

  longestPattern(batch: number): number {
    return this.inner.longestPattern(batch);
  }

  run(call: ProgramCall): Promise<Values> {
    return this.attempt(() => this.inner.run(call));
  }

  read(): Promise<Values> {
    return this.attempt(() => this.inner.read());
  }

  write(variables: Values): Promise<void> {
    return this.attempt(() => this.inner.write(variables));
  }

  dispose(): Promise<void> {
    return this.attempt(() => this.inner.dispose());
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const [cause] = errorMessage(error).split("\n");
      throw new DeviceError(`${this.device} failed: ${cause}`, {
        cause: error,
      });
    }
  }
}
