/** What an answer to a conflict puts into the document (MERGE-25). */
import type { JsonValue } from "../json/value.ts";
import { arrangeItems } from "./arrange-items.ts";
import { indexItems } from "./item-index.ts";
import type { MergeSchema } from "./merge-schema.ts";
import { locate } from "./schema-path.ts";
import { isArray, type Slot } from "./value-comparison.ts";
import type { Conflict } from "./wallet-format.ts";

/** The chosen value; of a disputed order, the items of today in the chosen order. */
export function resolutionOf(
  schema: MergeSchema,
  conflict: Conflict,
  choice: "first" | "second",
  document: JsonValue,
): Slot {
  const chosen = conflict.values[choice === "first" ? 0 : 1];
  if (conflict.reason !== "ordered-differently") return chosen;
  const place = locate(schema, document, conflict.path);
  if (place?.schema.kind !== "list" || !isArray(place.slot) || !isArray(chosen)) return chosen;
  const shown = indexItems(place.schema, place.slot);
  const labels = arrangeItems(
    {
      base: undefined,
      ours: indexItems(place.schema, chosen),
      theirs: shown,
      settle: () => "ours",
    },
    shown,
  );
  const items: JsonValue[] = [];
  for (const label of labels) {
    const item = shown.get(label);
    if (item !== undefined) items.push(item);
  }
  return items;
}
