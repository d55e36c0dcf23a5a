/** Small ways to break the merge of real wallets; `file` below `packages/wallet/src`. */
import type { Mutation } from "./mutations.ts";

export const mergeMutations: readonly Mutation[] = [
  {
    name: "takes ours where only theirs changed",
    file: "merge/merge-slots.ts",
    find: '    if (run.comparison.same(base, ours)) return theirs;\n    if (run.comparison.same(base, theirs)) return ours;\n  }\n  if (schema.kind === "maximum"',
    replace:
      '    if (run.comparison.same(base, ours)) return ours;\n    if (run.comparison.same(base, theirs)) return ours;\n  }\n  if (schema.kind === "maximum"',
  },
  {
    name: "merges objects as whole values",
    file: "merge/merge-slots.ts",
    find: "return mergeObjects(run, schema, objects(base, ours, theirs), spot);",
    replace: "return theirs;",
  },
  {
    name: "keeps in a set only what both sides have",
    file: "merge/merge-slots.ts",
    find: "for (const [label, item] of theirs) if (!ours.has(label)) mergeItem(label, item);",
    replace: "",
  },
  {
    name: "merges sets as if there were no base",
    file: "merge/merge-slots.ts",
    find: "const sides = { base: base.get(label), ours: ours.get(label), theirs: theirs.get(label) };\n    const name",
    replace:
      "const sides = { base: undefined, ours: ours.get(label), theirs: theirs.get(label) };\n    const name",
  },
  {
    name: "does not list what both sides changed",
    file: "merge/conflict-referee.ts",
    find: "    if (!isClosedByUs) {",
    replace: "    if (!isClosedByUs && path.length < 0) {",
  },
  {
    name: "lists one of the two values twice",
    file: "merge/conflict-referee.ts",
    find: "values: isOursFirst ? [ours, theirs] : [theirs, ours],\n        base,",
    replace: "values: [ours, ours],\n        base,",
  },
  {
    name: "shows whatever is ours",
    file: "merge/conflict-referee.ts",
    find: 'return newer ?? (isOursFirst ? "theirs" : "ours");',
    replace: 'return newer ?? "ours";',
  },
  {
    name: "lets the side win that has not answered",
    file: "merge/conflict-referee.ts",
    find: "return isClosedByUs ? ours : theirs;",
    replace: "return isClosedByUs ? theirs : ours;",
  },
  {
    name: "takes an old answer for one to a new question",
    file: "merge/conflict-referee.ts",
    find: "if (!this.#closed.base.has(id)) return id;",
    replace: "return id;",
  },
  {
    name: "forgets conflicts when a merge finds none",
    file: "merge/conflict-set.ts",
    find: "for (const conflict of [...sets.flatMap((set) => set.open), ...found]) {",
    replace: "for (const conflict of found) {",
  },
  {
    name: "opens answered conflicts again",
    file: "merge/conflict-set.ts",
    find: "if (isClosed.has(conflict.id)) continue;",
    replace: "",
  },
  {
    name: "reconciles by taking one of the two",
    file: "merge/create-format.ts",
    find: "if (one === other) return one;",
    replace: "if (one !== undefined) return one;",
  },
  {
    name: "lets keys disappear",
    file: "merge/create-format.ts",
    find: "if (holdings.length === 0) return content;",
    replace: "if (holdings.length >= 0) return content;",
  },
  {
    name: "forgets retired keys of the other side",
    file: "merge/create-format.ts",
    find: "retired: uniteRetired(all.map(({ retired }) => retired)),",
    replace: "retired: ours.retired,",
  },
  {
    name: "orders a list by whose side it is",
    file: "merge/arrange-items.ts",
    find: 'const byRule: Side = compareLabels(mine, yours) >= 0 ? "ours" : "theirs";',
    replace: 'const byRule: Side = "ours";',
  },
];
