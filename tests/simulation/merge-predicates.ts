/** What a merge owes whoever calls it, each rule as a question that a format answers with yes (`docs/spec/merge.md`). */
import { parseJson } from "@holdfast/wallet/json";
import type { JsonValue } from "@holdfast/wallet/json";
import type { Content, WalletFormat } from "@holdfast/wallet/merge";
import fc from "fast-check";
import type { FormatModules } from "./variants.ts";

type Held = Content<JsonValue>;
type Format = WalletFormat<JsonValue>;

export type Predicate = {
  readonly name: string;
  readonly holds: (formats: FormatModules) => boolean;
};

const names = fc.constantFrom("a", "b", "c", "d");
const document: fc.Arbitrary<string> = fc
  .record(
    {
      x: fc.nat(3),
      settings: fc.dictionary(names, fc.nat(2)),
      tags: fc.uniqueArray(names),
      queue: fc.uniqueArray(names),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const triples = fc.sample(fc.tuple(document, document, document), { seed: 7, numRuns: 300 });

function jsonFormat({ createJsonFormat }: FormatModules): Format {
  return createJsonFormat({
    schema: { type: "object", fields: { tags: { type: "set" }, queue: { type: "list" } } },
  });
}

/** Asks about many contents, among them such as merges made of each other. */
function forAll(ask: (format: Format, base: Held, ours: Held, theirs: Held) => boolean) {
  return (formats: FormatModules): boolean => {
    const format = jsonFormat(formats);
    return triples.every((texts) => {
      const [base, ours, theirs] = texts.map((text) => format.contentOf(parseJson(text)));
      if (base === undefined || ours === undefined || theirs === undefined) return false;
      const merged = format.merge(base, ours, theirs);
      return ask(format, base, ours, theirs) && ask(format, base, merged, theirs);
    });
  };
}

function withX(format: Format, before: Held, x: number): Held {
  return format.edit(before, parseJson(`{"x": ${String(x)}}`), 1);
}

/** Two devices changed the same value, and the person chose the one that is not shown; null: nobody was asked. */
function answered(format: Format): { base: Held; theirs: Held; chosen: Held } | null {
  const base = withX(format, format.empty, 5);
  const theirs = withX(format, base, 2);
  const merged = format.merge(base, withX(format, base, 1), theirs);
  const resolved = format.resolveConflict(merged, merged.conflicts.open[0]?.id ?? "", "first", 2);
  if (resolved.type !== "resolved") return null;
  return { base, theirs, chosen: resolved.content };
}

export const predicates: readonly Predicate[] = [
  {
    name: "[MERGE-10, MERGE-11] who changed nothing follows, and who did the same agrees",
    holds: forAll(
      (format, base, ours) =>
        format.equal(format.merge(base, base, ours), ours) &&
        format.equal(format.merge(base, ours, base), ours) &&
        format.equal(format.merge(base, ours, ours), ours),
    ),
  },
  {
    name: "[MERGE-22] nothing depends on whose side is called ours",
    holds: forAll((format, base, ours, theirs) =>
      format.equal(format.merge(base, ours, theirs), format.merge(base, theirs, ours)),
    ),
  },
  {
    name: "[MERGE-3] open conflicts stay and answered ones stay closed",
    holds: (formats) => {
      const format = jsonFormat(formats);
      const story = answered(format);
      if (story === null) return false;
      const { base, theirs, chosen } = story;
      const open = format.merge(base, withX(format, base, 1), theirs);
      const more = format.merge(base, open, chosen);
      const [closed] = chosen.conflicts.closed;
      return (
        format.conflictCount(format.merge(base, open, base)) === 1 &&
        format.conflictCount(more) === 0 &&
        closed !== undefined &&
        more.conflicts.closed.includes(closed)
      );
    },
  },
  {
    name: "[MERGE-24] an answer wins against whoever has not answered",
    holds: (formats) => {
      const format = jsonFormat(formats);
      const story = answered(format);
      if (story === null) return false;
      const { base, theirs, chosen } = story;
      const merged = format.merge(base, chosen, theirs);
      return format.equal(merged, chosen) && format.conflictCount(merged) === 0;
    },
  },
  {
    name: "[MERGE-24] the same two values once more are a new question",
    holds: (formats) => {
      const format = jsonFormat(formats);
      const chosen = answered(format)?.chosen;
      if (chosen === undefined) return false;
      const base = withX(format, chosen, 5);
      const merged = format.merge(base, withX(format, base, 1), withX(format, base, 2));
      return format.conflictCount(merged) === 1;
    },
  },
  {
    name: "[MERGE-28] of two candidates nothing is dropped, and every difference is asked about",
    holds: (formats) => {
      const format = jsonFormat(formats);
      const [one, other] = [1, 2].map((x) => withX(format, format.empty, x));
      if (one === undefined || other === undefined) return false;
      const both = format.reconcile(one, other);
      return format.conflictCount(both) === 1 && format.equal(both, format.reconcile(other, one));
    },
  },
  {
    name: "[MERGE-4] retired keys are united",
    holds: ({ lbryFormat }) => {
      const wallet = (channels: string) =>
        lbryFormat.parse(
          `{"version": 1, "name": "w", "preferences": {}, "accounts": [{"ledger": "lbc_mainnet", "public_key": "xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8", "certificates": {${channels}}}]}`,
        );
      const both = wallet('"a": "pem-a", "b": "pem-b"');
      const ours = lbryFormat.edit(both, wallet('"b": "pem-b"').document, 1);
      const theirs = lbryFormat.edit(both, wallet('"a": "pem-a"').document, 1);
      const { retired } = lbryFormat.merge(both, ours, theirs);
      const again = lbryFormat.merge(ours, ours, theirs);
      return (
        [retired, again.retired].every(({ keys }) => keys.length === 2) &&
        lbryFormat.merge(ours, theirs, ours).retired.keys.length === 2
      );
    },
  },
];
