/** What a format has to know of its documents so that `createFormat` can do the rest. */
import type { JsonValue } from "../json/value.ts";
import type { ConflictReferee } from "./conflict-referee.ts";
import type { Wording } from "./describe.ts";
import type { MergeSchema } from "./merge-schema.ts";
import type { KeyHolding } from "./retired-set.ts";
import type { Content, RetiredKey } from "./wallet-format.ts";

/** The three documents of a merge, before or after a format has prepared them. */
export interface Documents<Document> {
  readonly base: Document;
  readonly ours: Document;
  readonly theirs: Document;
}

export interface Preparation<Document, Schema> {
  readonly base: Content<Document>;
  readonly ours: Content<Document>;
  readonly theirs: Content<Document>;
  readonly schema: Schema;
  readonly referee: ConflictReferee;
}

export interface FormatRules<Document extends JsonValue, Schema extends MergeSchema> {
  readonly name: string;
  readonly emptyDocument: Document;
  parse(text: string): Content<Document>;
  /** Where `parse` does what a text that was serialised here needs no more. */
  reparse?(text: string): Content<Document>;
  serialize(content: Content<Document>): string;
  contentOf(document: Document): Content<Document>;
  /** The schema for documents that are to be merged or compared with each other. */
  schemaFor(documents: readonly Document[]): Schema;
  /** Changes documents before they are merged, where a rule goes beyond the schema. */
  prepare(merge: Preparation<Document, Schema>): Documents<Document>;
  holdingsOf(document: Document): readonly KeyHolding[];
  /** The key material of a document that is in this retired key. */
  partsOf(key: RetiredKey): readonly string[];
  /** The edited document in its normal form, with time stamps on what changed. */
  stamp(before: Document, after: Document, nowSeconds: number): Document;
  readonly wording: Wording;
  describeRetired(key: RetiredKey): string;
}
