/** The sync engine: pure, deterministic, the same for every client and both protocols. `docs/spec/sync.md` has its rules. */
export { beginAnew, continueRecord } from "./continuing.ts";
export type { ContinueOutcome } from "./continuing.ts";
export { createEngine } from "./engine.ts";
export type { SyncEngine } from "./engine.ts";
export type { ContentFormat } from "./content-format.ts";
export type { SyncEffect } from "./effects.ts";
export type * from "./events.ts";
export { extendKept, lackOfHeaders, lackOfStates } from "./healing.ts";
export type { HeaderNames, KeptHeaders } from "./healing.ts";
export type { Line } from "./line.ts";
export type { Decision, Problem, ProblemName } from "./problem.ts";
export { protocol3Rules, protocol4Rules } from "./protocol-rules.ts";
export type { ProtocolRules } from "./protocol-rules.ts";
export { newDeviceRecord } from "./record.ts";
export type { DeviceRecord, FirstSync, InFlight, KnownRevision } from "./record.ts";
export type { RevisionRef, SealedRevision } from "./revision.ts";
export type { EngineParts, Step, SyncState } from "./state.ts";
