import type { SyncEvent } from "./events.ts";
import type { DeviceRecord } from "./record.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { startState } from "./state.ts";
import { step } from "./step.ts";

/** The engine of one wallet format over one protocol; holds nothing but functions. */
export type SyncEngine<Content> = {
  /** The state after a start with what was on disk. */
  readonly start: (record: DeviceRecord<Content>) => SyncState<Content>;
  readonly step: (state: SyncState<Content>, event: SyncEvent<Content>) => Step<Content>;
};

/** Puts an engine together from a content format and a protocol's rules. */
export function createEngine<Content>(parts: EngineParts<Content>): SyncEngine<Content> {
  return {
    start: (record) => startState(parts, record),
    step: (state, event) => step(parts, state, event),
  };
}
