/** What a runtime does for a session: it keeps the state's variables, and compiles and runs programs on them. */
import type { Program } from "../graph/program";

/** Row-major arrays by name. */
export type Values = ReadonlyMap<string, Float32Array>;

export interface ProgramCall {
  /** Equal keys have equal programs, so that one is built and compiled once. */
  key: string;
  build(): Program;
  /** By name, at least those that the program reads besides the state; `repeats` times as long as its inputs. */
  inputs: Values;
  /** The inputs that are bytes, where the runner accepts such. */
  bytes?: ReadonlyMap<string, Uint8Array>;
  /** Of training steps: how often the program runs, one time upon the other. Absent for a lone run. */
  repeats?: number;
  /** How often at most in most calls, for runners that prepare for so many. */
  usualRepeats?: number;
}

/** Calls must not overlap. */
export interface ProgramRunner {
  /** Whether programs may have inputs of bytes. */
  readonly acceptsBytes: boolean;
  /** How many steps go together best in one call of `train`. */
  preferredSteps(batch: number): number;
  /** How many steps of different updates a program may have. */
  longestPattern(batch: number): number;
  /** Leaves the new state in the variables and gives the outputs; those of several times end to end. */
  run(call: ProgramCall): Promise<Values>;
  /** All variables by name. Nobody writes into them, and a program that runs later gives new ones. */
  read(): Promise<Values>;
  /** Sets all variables; the runner may keep the arrays. */
  write(variables: Values): Promise<void>;
  dispose(): Promise<void>;
}
