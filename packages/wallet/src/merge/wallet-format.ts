/**
 * What a wallet format gives to whoever syncs, shows or edits wallets (MERGE-1 to MERGE-4).
 *
 * The first part is the sync engine's view: pure, deterministic, and never throwing whatever `parse` accepted. Merging and
 * growing need no clock; only a person's own changes (`edit`, `resolveConflict`) are stamped with the time.
 */
import type { JsonValue } from "../json/value.ts";

/** What syncs: the document with its unanswered conflicts and the keys that were taken out of it. */
export interface Content<Document> {
  readonly document: Document;
  readonly conflicts: Conflicts;
  readonly retired: Retired;
}

/** Conflicts are a set by id; an answered one leaves its id behind, so that no older copy reopens it. */
export interface Conflicts {
  /** In order of id. */
  readonly open: readonly Conflict[];
  /** Ids of answered conflicts, in order. */
  readonly closed: readonly string[];
}

/** Two values for one place that no rule can choose between; one of them is shown for now. */
export interface Conflict {
  /** 32 hex digits made of path and values. */
  readonly id: string;
  /** Names from the document's root; an item of a set or list is named by its key or text. */
  readonly path: readonly string[];
  readonly reason: ConflictReason;
  /** `advanced`: of unknown structure, to be shown as a difference; `confirmation`: one of the values is to be chosen. */
  readonly tier: "confirmation" | "advanced";
  /** In canonical order, whichever device made which; undefined where the thing is removed. */
  readonly values: readonly [JsonValue | undefined, JsonValue | undefined];
  /** What both started from, undefined where there was nothing or nobody knows. */
  readonly base: JsonValue | undefined;
}

export type ConflictReason =
  | "changed-differently"
  | "removed-and-changed"
  | "removed-unannounced"
  | "ordered-differently"
  | "unknown-base";

/** Key material no longer in the document: a set by id that only an explicit destruction empties. */
export interface Retired {
  /** In order of id. */
  readonly keys: readonly RetiredKey[];
  /** Hashes of destroyed key material, in order. */
  readonly destroyed: readonly string[];
}

export interface RetiredKey {
  /** 32 hex digits made of kind and key material. */
  readonly id: string;
  readonly kind: "account" | "seed" | "private-key" | "channel-key";
  /** Where it was; names as in a conflict's path. */
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/** One difference between two documents. */
export interface Change {
  readonly path: readonly string[];
  readonly type: "added" | "removed" | "changed" | "reordered";
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** An answer to a conflict: one of its values, or whatever the document shows now. */
export type ConflictChoice = "first" | "second" | "shown";

export type ResolveOutcome<Document> =
  | { readonly type: "resolved"; readonly content: Content<Document> }
  | { readonly type: "unknown-conflict" }
  /** What the value belongs to is no longer in the document; only `shown` can close the conflict. */
  | { readonly type: "place-is-gone" };

export interface WalletFormat<Document> {
  readonly name: string;

  /** Content that holds nothing: the merge base of a first sync. */
  readonly empty: Content<Document>;
  /** Whether both mean the same, conflicts and retired keys included. */
  equal(one: Content<Document>, other: Content<Document>): boolean;
  /** Three-way merge. The visible pick does not depend on whose side is `ours`. */
  merge(
    base: Content<Document>,
    ours: Content<Document>,
    theirs: Content<Document>,
  ): Content<Document>;
  /** Of two candidates one is right and nobody knows which: whatever differs becomes a listed conflict. */
  reconcile(one: Content<Document>, other: Content<Document>): Content<Document>;
  /** `after`, with all key material that only `before` has moved to its retired keys. */
  grow(before: Content<Document>, after: Content<Document>): Content<Document>;
  /** How many conflicts wait for an answer. */
  conflictCount(content: Content<Document>): number;

  /** Content from its synced text; throws `WalletError`. */
  parse(text: string): Content<Document>;
  /** The same of a text that `serialize` gave on this device: what `parse` makes sure of is known. */
  reparse(text: string): Content<Document>;
  /** The synced text, which `parse` reads back; throws `WalletError` for what it could not. */
  serialize(content: Content<Document>): string;
  /** A document as it is in a file or an app, without any history. */
  contentOf(document: Document): Content<Document>;
  /** A person's edit: stamps what changed with the time where the format has timestamps, and retires removed keys. */
  edit(before: Content<Document>, document: Document, nowSeconds: number): Content<Document>;
  resolveConflict(
    content: Content<Document>,
    conflictId: string,
    choice: ConflictChoice,
    nowSeconds: number,
  ): ResolveOutcome<Document>;
  /** Destroys one retired key for good, on every device; unknown ids change nothing. Ask the person first. */
  destroyRetired(content: Content<Document>, retiredId: string): Content<Document>;

  diff(before: Document, after: Document): readonly Change[];
  /** Sentences for people, without secrets. */
  describe(changes: readonly Change[]): readonly string[];
  /** What the conflict is about and what is shown now, for people, without secrets. */
  describeConflict(content: Content<Document>, conflict: Conflict): string;
  /** What a retired key was, for people, without secrets. */
  describeRetired(retired: RetiredKey): string;
}
