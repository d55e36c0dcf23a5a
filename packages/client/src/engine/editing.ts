/** What a person does to the content. Edits wait for nothing and survive everything (SYNC-1, SYNC-9, SYNC-21). */
import { newDeviceRecord } from "./record.ts";
import type { EngineParts, Step, SyncState } from "./state.ts";
import { quietly, withRecord } from "./state.ts";

/** Takes an edit that was made while seeing `from`, and folds in whatever else happened since. */
export function onEdited<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
  edit: { readonly editId: number; readonly content: Content; readonly from?: Content },
): Step<Content> {
  const { format } = parts;
  const { local } = state.record;
  const from = edit.from ?? state.view;
  const edited = format.grow(from, edit.content);
  const merged = from === local ? edited : format.merge(from, local, edited);
  const next = withRecord(parts, state, { local: format.grow(local, merged) });
  return quietly({
    ...next,
    view: edit.from === undefined || from === state.view ? edited : state.view,
    rounds: 0,
    unsavedEdits: [...state.unsavedEdits, { editId: edit.editId, version: next.disk.version }],
  });
}

/** What is shown stays; what was synced with another account, and is in flight to it, does not count (SYNC-27). */
export function onTakenOver<Content>(
  parts: EngineParts<Content>,
  state: SyncState<Content>,
): SyncState<Content> {
  const { local, firstSync } = state.record;
  if (state.access.type === "open") return state;
  const record = { ...newDeviceRecord(parts.format.empty, local), firstSync };
  return {
    ...withRecord(parts, state, record),
    checkFor: 0,
    overtakenBy: 0,
    mustPush: false,
    wasRefused: false,
    decision: null,
    look: null,
    tooLarge: null,
  };
}
