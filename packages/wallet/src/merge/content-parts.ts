/** A content as three texts in the format's own, lossless spelling (P4C-52): the document, and the notes beside it. */
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import type { JsonValue } from "../json/value.ts";
import { WalletError } from "../lbry/wallet-error.ts";
import { decodeNotes, encodeNotes } from "./sync-notes.ts";
import { isObject } from "./value-comparison.ts";
import type { Content, WalletFormat } from "./wallet-format.ts";

export interface ContentParts {
  readonly document: string;
  readonly conflicts: string;
  readonly retired: string;
}

/** Throws `WalletError` for a document that its own format could not read back. */
export function splitContent<Document>(
  format: WalletFormat<Document>,
  content: Content<Document>,
): ContentParts {
  const notes = encodeNotes(content);
  return {
    document: format.serialize({ ...format.empty, document: content.document }),
    conflicts: formatJson(withVersion(notes.get("conflicts"), notes.get("version"))),
    retired: formatJson(withVersion(notes.get("retired"), notes.get("version"))),
  };
}

/** The content of what `splitContent` gave; throws `WalletError`, also for notes of a newer Holdfast. */
export function joinContent<Document>(
  format: WalletFormat<Document>,
  { document, conflicts, retired }: ContentParts,
): Content<Document> {
  const [first, second] = [conflicts, retired].map((text) => parseJson(text));
  const [notes, sameNotes] = [first, second].map((note) =>
    decodeNotes(
      new Map<string, JsonValue>([
        ["version", (isObject(note) ? note.get("version") : undefined) ?? null],
        ["conflicts", first ?? null],
        ["retired", second ?? null],
      ]),
    ),
  );
  if (notes !== undefined && sameNotes !== undefined)
    return { document: format.parse(document).document, ...notes };
  throw new WalletError("malformed-wallet", "The wallet's conflicts or retired keys are damaged.");
}

function withVersion(value: JsonValue | undefined, version: JsonValue | undefined): JsonValue {
  const entries = isObject(value) ? [...value] : [];
  return new Map<string, JsonValue>([["version", version ?? null], ...entries]);
}
