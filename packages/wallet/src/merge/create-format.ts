/**
 * A whole wallet format out of what is special about it (MERGE-1 to MERGE-6): contents merge as document, conflicts and
 * retired keys, each by its own rules.
 */
import type { JsonValue } from "../json/value.ts";
import { type ClosedConflicts, ConflictReferee } from "./conflict-referee.ts";
import {
  closeConflict,
  closedInMerge,
  closedInReconciliation,
  noConflicts,
  uniteConflicts,
} from "./conflict-set.ts";
import { describeChange, describeConflict } from "./describe.ts";
import { diffSlots } from "./diff-slots.ts";
import type { FormatRules } from "./format-rules.ts";
import type { MergeSchema } from "./merge-schema.ts";
import { mergeSlots } from "./merge-slots.ts";
import { resolutionOf } from "./resolution.ts";
import {
  destroyKey,
  nothingRetired,
  type KeyInventory,
  retireMissing,
  uniteRetired,
} from "./retired-set.ts";
import { findSlot, replaceSlot } from "./schema-path.ts";
import { intersection } from "./sorted-set.ts";
import { ValueComparison } from "./value-comparison.ts";
import type { Content, Retired, WalletFormat } from "./wallet-format.ts";

/** Content of a document without any history. */
export function plainContent<Document>(document: Document): Content<Document> {
  return { document, conflicts: noConflicts, retired: nothingRetired };
}

export function createFormat<Document extends JsonValue, Schema extends MergeSchema>(
  rules: FormatRules<Document, Schema>,
): WalletFormat<Document> {
  type Held = Content<Document>;
  const empty = plainContent(rules.emptyDocument);

  function inventoryOf(document: Document, retired: Retired): KeyInventory {
    const inDocument = rules.holdingsOf(document).flatMap(({ whole }) => whole.parts);
    const inRetired = retired.keys.flatMap((key) => rules.partsOf(key));
    return {
      parts: new Set([...inDocument, ...inRetired]),
      destroyed: new Set(retired.destroyed),
    };
  }

  function keepKeys(
    content: Held,
    sources: readonly Document[],
    oldDestroyed: ReadonlySet<string>,
  ): Held {
    const { document, retired } = content;
    const holdings = sources.flatMap((source) =>
      source === document ? [] : rules.holdingsOf(source),
    );
    if (holdings.length === 0) return content;
    const inventory = inventoryOf(document, retired);
    const grown = retireMissing(retired, holdings, inventory, oldDestroyed);
    return grown === retired ? content : { ...content, retired: grown };
  }

  function mergeContents(
    [base, ours, theirs]: readonly [Held, Held, Held],
    closed: ClosedConflicts,
    isBaseKnown: boolean,
  ): { readonly document: Document; readonly referee: ConflictReferee } {
    const comparison = new ValueComparison();
    const referee = new ConflictReferee(closed);
    const schema = rules.schemaFor([base, ours, theirs].map(({ document }) => document));
    const documents = isBaseKnown
      ? rules.prepare({ base, ours, theirs, schema, referee })
      : { base: undefined, ours: ours.document, theirs: theirs.document };
    const merged = mergeSlots({ comparison, referee, isBaseKnown }, schema, documents);
    // Documents are never absent, so neither is what becomes of them.
    return { document: (merged === undefined ? ours.document : merged) as Document, referee };
  }

  const format: WalletFormat<Document> = {
    name: rules.name,
    empty,
    parse: (text) => rules.parse(text),
    reparse: (text) => rules.reparse?.(text) ?? rules.parse(text),
    serialize: (content) => rules.serialize(content),
    contentOf: (document) => rules.contentOf(document),

    equal(one, other) {
      if (one === other) return true;
      return (
        haveSameIds(one.conflicts.open, other.conflicts.open) &&
        areEqual(one.conflicts.closed, other.conflicts.closed) &&
        haveSameIds(one.retired.keys, other.retired.keys) &&
        areEqual(one.retired.destroyed, other.retired.destroyed) &&
        new ValueComparison().same(one.document, other.document)
      );
    },

    merge(base, ours, theirs) {
      const closed = closedInMerge(base.conflicts, ours.conflicts, theirs.conflicts);
      const { document, referee } = mergeContents([base, ours, theirs], closed, true);
      const all = [base, ours, theirs];
      const content = {
        document,
        conflicts: uniteConflicts(
          all.map(({ conflicts }) => conflicts),
          referee.found,
        ),
        retired: uniteRetired(all.map(({ retired }) => retired)),
      };
      return keepKeys(
        content,
        all.map((source) => source.document),
        new Set(base.retired.destroyed),
      );
    },

    reconcile(one, other) {
      if (one === other) return one;
      const closed = closedInReconciliation(one.conflicts, other.conflicts);
      const { document, referee } = mergeContents([empty, one, other], closed, false);
      const content = {
        document,
        conflicts: uniteConflicts([one.conflicts, other.conflicts], referee.found),
        retired: uniteRetired([one.retired, other.retired]),
      };
      const oldDestroyed = intersection(
        new Set(one.retired.destroyed),
        new Set(other.retired.destroyed),
      );
      return keepKeys(content, [one.document, other.document], oldDestroyed);
    },

    grow(before, after) {
      if (before === after) return after;
      const content = {
        document: after.document,
        conflicts: uniteConflicts([after.conflicts, before.conflicts]),
        retired: uniteRetired([after.retired, before.retired]),
      };
      return keepKeys(content, [before.document], new Set(before.retired.destroyed));
    },

    conflictCount: ({ conflicts }) => conflicts.open.length,

    edit(before, document, nowSeconds) {
      const stamped = rules.stamp(before.document, document, nowSeconds);
      return format.grow(before, { ...before, document: stamped });
    },

    resolveConflict(content, conflictId, choice, nowSeconds) {
      const conflict = content.conflicts.open.find(({ id }) => id === conflictId);
      if (conflict === undefined) return { type: "unknown-conflict" };
      const closed = { ...content, conflicts: closeConflict(content.conflicts, conflictId) };
      if (choice === "shown") return { type: "resolved", content: closed };
      const schema = rules.schemaFor([content.document]);
      const chosen = resolutionOf(schema, conflict, choice, content.document);
      const replaced = replaceSlot(schema, content.document, conflict.path, chosen);
      if (replaced.type === "gone" || replaced.slot === undefined) return { type: "place-is-gone" };
      const edited = format.edit(closed, replaced.slot as Document, nowSeconds);
      return { type: "resolved", content: edited };
    },

    destroyRetired: (content, retiredId) => ({
      ...content,
      retired: destroyKey(content.retired, retiredId),
    }),

    diff: (before, after) => diffSlots(rules.schemaFor([before, after]), before, after),
    describe: (changes) => changes.map((change) => describeChange(rules.wording, change)),
    describeConflict(content, conflict) {
      const schema = rules.schemaFor([content.document]);
      const shown = findSlot(schema, content.document, conflict.path);
      return describeConflict(rules.wording, conflict, shown);
    },
    describeRetired: (retired) => rules.describeRetired(retired),
  };
  return format;
}

interface Identified {
  readonly id: string;
}

function haveSameIds(one: readonly Identified[], other: readonly Identified[]): boolean {
  return (
    one === other ||
    areEqual(
      one.map(({ id }) => id),
      other.map(({ id }) => id),
    )
  );
}

function areEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}
