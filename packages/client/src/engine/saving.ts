/**
 * Bringing the record to disk: one write at a time, always the newest record, and word to whoever edited (SYNC-1).
 * A disk that is full or broken loses nothing: the record stays in memory and is tried again (SYNC-25).
 */
import { backoff } from "./backoff.ts";
import type { SyncEffect } from "./effects.ts";
import type { SaveFailure } from "./events.ts";
import type { Step, SyncState } from "./state.ts";
import { quietly } from "./state.ts";

const saveAgainMs = { least: 1000, most: 60_000 };

/** Asks for a save when the record changed and none is under way. */
export function saveIfChanged<Content>(state: SyncState<Content>): Step<Content> {
  const { disk } = state;
  if (disk.writing !== null || disk.failure !== null || disk.savedVersion === disk.version)
    return quietly(state);
  const requestId = state.nextRequestId;
  return {
    state: {
      ...state,
      nextRequestId: requestId + 1,
      disk: { ...disk, writing: { requestId, version: disk.version } },
    },
    effects: [{ type: "save", requestId, record: state.record }],
  };
}

/** The record is on disk: edits in it are saved, and what came from elsewhere may be shown (SYNC-2). */
export function onSaved<Content>(state: SyncState<Content>, requestId: number): Step<Content> {
  const { writing } = state.disk;
  if (writing?.requestId !== requestId) return quietly(state);
  const savedVersion = writing.version;
  const effects: SyncEffect<Content>[] = state.unsavedEdits
    .filter((edit) => edit.version <= savedVersion)
    .map((edit) => ({ type: "edit-saved", editId: edit.editId }));
  return {
    state: {
      ...state,
      view: savedVersion === state.disk.version ? state.record.local : state.view,
      unsavedEdits: state.unsavedEdits.filter((edit) => edit.version > savedVersion),
      disk: { ...state.disk, savedVersion, writing: null, failure: null, failures: 0 },
    },
    effects,
  };
}

/** The disk refused: say so, and try again later. */
export function onSaveFailed<Content>(
  state: SyncState<Content>,
  requestId: number,
  reason: SaveFailure,
): Step<Content> {
  const { writing } = state.disk;
  if (writing?.requestId !== requestId) return quietly(state);
  const failures = state.disk.failures + 1;
  const effects: SyncEffect<Content>[] = state.unsavedEdits.map((edit) => ({
    type: "edit-not-saved",
    editId: edit.editId,
    reason,
  }));
  const wait = backoff(failures, saveAgainMs);
  return {
    state: {
      ...state,
      unsavedEdits: [],
      disk: { ...state.disk, writing: null, failure: reason, failures },
    },
    effects: [...effects, { type: "start-timer", timer: "save-again", ...wait }],
  };
}

/** Time for another try. */
export function onSaveAgain<Content>(state: SyncState<Content>): Step<Content> {
  return quietly({ ...state, disk: { ...state.disk, failure: null } });
}
