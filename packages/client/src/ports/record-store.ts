import type { DeviceRecord, SaveFailure } from "../engine/index.ts";

type SaveOutcome =
  { readonly type: "saved" } | { readonly type: "failed"; readonly reason: SaveFailure };

/** Where a device's record lies. */
export type RecordStore<Content> = {
  /** Replaces the record, whole and durably, before it resolves; a crash leaves the old one or the new one. */
  save(record: DeviceRecord<Content>): Promise<SaveOutcome>;
};
