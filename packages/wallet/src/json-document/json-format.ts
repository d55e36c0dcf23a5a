/**
 * The wallet format of any app whose document is JSON (MERGE-50 to MERGE-52). Synced text:
 * `{"format": name, "document": …, "version": 1, "conflicts": …, "retired": …}`.
 */
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import type { JsonValue } from "../json/value.ts";
import { WalletError } from "../lbry/wallet-error.ts";
import { createFormat, plainContent } from "../merge/create-format.ts";
import { printable } from "../merge/describe.ts";
import type { MergeSchema } from "../merge/merge-schema.ts";
import { decodeNotes, encodeNotes } from "../merge/sync-notes.ts";
import { isObject } from "../merge/value-comparison.ts";
import type { Content, WalletFormat } from "../merge/wallet-format.ts";
import { compileSchema, type JsonMergeSchema, undeclared } from "./json-merge-schema.ts";

export interface JsonFormatOptions {
  /** Written into the synced text; another app's text is refused. */
  readonly name?: string;
  readonly schema?: JsonMergeSchema;
  /** Whether what a path names may hold secrets, which descriptions then leave out. */
  readonly isSecret?: (path: readonly string[]) => boolean;
}

/** A format for JSON documents as `parseJson` gives them. */
export function createJsonFormat({
  name = "json",
  schema,
  isSecret = () => false,
}: JsonFormatOptions = {}): WalletFormat<JsonValue> {
  const compiled = schema === undefined ? undeclared : compileSchema(schema);
  return createFormat<JsonValue, MergeSchema>({
    name,
    emptyDocument: new Map(),
    parse: (text) => readEnvelope(name, parseJson(text)),
    serialize: ({ document, conflicts, retired }) =>
      formatJson(
        new Map<string, JsonValue>([
          ["format", name],
          ["document", document],
          ...encodeNotes({ conflicts, retired }),
        ]),
      ),
    contentOf: plainContent,
    schemaFor: () => compiled,
    prepare: ({ base, ours, theirs }) => ({
      base: base.document,
      ours: ours.document,
      theirs: theirs.document,
    }),
    holdingsOf: () => [],
    partsOf: () => [],
    stamp: (_before, after) => after,
    wording: {
      subject: (path) =>
        path.length === 0 ? "the document" : path.map((part) => printable(part)).join(" › "),
      isSecret,
    },
    describeRetired: ({ path }) => `The key at ${path.map((part) => printable(part)).join(" › ")}.`,
  });
}

function readEnvelope(name: string, envelope: JsonValue): Content<JsonValue> {
  if (!isObject(envelope) || envelope.get("format") !== name) {
    throw new WalletError(
      "malformed-wallet",
      "This is not a document of this app, so it was not opened. Nothing was changed.",
    );
  }
  const notes = decodeNotes(envelope);
  const document = envelope.get("document");
  if (notes === undefined || document === undefined) {
    throw new WalletError(
      "malformed-wallet",
      "This document is damaged and was not opened. An earlier revision can be restored.",
    );
  }
  return { document, ...notes };
}
