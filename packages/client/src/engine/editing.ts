/** What a person does to the content. Edits wait for nothing and survive everything (SYNC-1, SYNC-9, SYNC-21). */
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
