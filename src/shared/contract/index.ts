/**
 * The one contract: what the window may ask of the application, and what it is told.
 * Pixels and metric series never cross it: they are files, served by `main/host/files.ts` (see `files.ts` here).
 */
import { appCalls } from "./app";
import { comparisonCalls } from "./comparisons";
import { dataCalls } from "./data";
import { doctorCalls } from "./doctor";
import { exportCalls } from "./exports";
import { exploreCalls } from "./explore";
import { microscopeCalls } from "./microscope";
import { qualityCalls } from "./quality";
import { queueCalls } from "./queue";
import { roomCalls } from "./room";
import { runCalls } from "./runs";
import { sweepCalls } from "./sweeps";
import { tournamentCalls } from "./tournament";
import { trainingCalls } from "./training";
import type { Client } from "../rpc";
import type { AppEvent } from "./events";

export const contract = {
  app: appCalls,
  data: dataCalls,
  runs: runCalls,
  room: roomCalls,
  training: trainingCalls,
  queue: queueCalls,
  sweeps: sweepCalls,
  exports: exportCalls,
  comparisons: comparisonCalls,
  explore: exploreCalls,
  microscope: microscopeCalls,
  quality: qualityCalls,
  doctor: doctorCalls,
  tournament: tournamentCalls,
};

export type AppContract = typeof contract;
export type AppClient = Client<AppContract>;
export type { AppEvent };
