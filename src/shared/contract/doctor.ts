/** What the doctor says of a run, out of everything that is recorded of it. */
import { z } from "zod";
import type { Diagnosis } from "../doctor/finding";
import { call } from "../rpc";
import { runIdSchema } from "../run";

export const doctorCalls = {
  /** Never fails for want of records: the diagnosis then says what is missing. */
  diagnose: call<Diagnosis>()(z.object({ run: runIdSchema })),
};
