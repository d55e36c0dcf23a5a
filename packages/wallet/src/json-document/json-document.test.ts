import { jsonArbitrary, thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeviceLine } from "../../test-support/device-line.ts";
import { documentSchema, jsonDocument, jsonValue } from "../../test-support/json-arbitraries.ts";
import type { ConflictChoice, Content, WalletFormat } from "../merge/wallet-format.ts";
import {
  createJsonFormat,
  formatJson,
  type JsonMergeSchema,
  type JsonValue,
  parseJson,
} from "./index.ts";

type Held = Content<JsonValue>;
type Format = WalletFormat<JsonValue>;

const declared = createJsonFormat({ schema: documentSchema });
const undeclared = createJsonFormat();
const formats = fc.constantFrom<Format>(declared, undeclared);
const document = fc.oneof<fc.Arbitrary<JsonValue>[]>(jsonDocument, jsonValue, jsonArbitrary);

const content = (value: JsonValue): Held => declared.contentOf(value);
const held = (text: string): Held => content(parseJson(text));
const formatOf = (schema: JsonMergeSchema): Format => createJsonFormat({ schema });
const copyOf = (value: JsonValue): Held => held(formatJson(value));

/** Merges three JSON texts; gives the document's text and how many conflicts there are. */
function merge(format: Format, base: string, ours: string, theirs: string): [string, number] {
  const merged = format.merge(held(base), held(ours), held(theirs));
  const swapped = format.merge(held(base), held(theirs), held(ours));
  expect(format.serialize(swapped)).toBe(format.serialize(merged));
  return [formatJson(merged.document), format.conflictCount(merged)];
}

const list = (...items: readonly (string | number)[]): string =>
  JSON.stringify(items).replaceAll(",", ", ");

/** A name without the number that tells items with one key apart: when one of them goes, those behind it move up. */
function withoutNumber(name: string): string {
  const key = /^json:\[(".*"), [0-9]+\]$/u.exec(name)?.[1];
  return key === undefined ? name : (JSON.parse(key) as string);
}

describe("merging any JSON documents", () => {
  it("[MERGE-10] whatever one side left alone follows the other, exactly", () => {
    fc.assert(
      fc.property(formats, document, document, (format, b, x) => {
        const [base, changed] = [content(b), content(x)];
        expect(format.merge(base, copyOf(b), changed)).toEqual(changed);
        expect(format.merge(base, changed, copyOf(b))).toEqual(changed);
      }),
    );
  });

  it("[MERGE-11] what both changed in the same way is taken as it is", () => {
    fc.assert(
      fc.property(formats, document, document, (format, b, x) => {
        expect(format.merge(content(b), content(x), copyOf(x))).toEqual(content(x));
      }),
    );
  });

  it("[MERGE-22] the result does not depend on which side is ours", () => {
    fc.assert(
      fc.property(formats, document, document, document, (format, b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y));
        expect(format.equal(merged, format.merge(content(b), content(y), content(x)))).toBe(true);
        const reconciled = format.reconcile(content(x), content(y));
        expect(format.equal(reconciled, format.reconcile(content(y), content(x)))).toBe(true);
      }),
    );
  });

  it("[MERGE-5] merged contents survive being written and read", () => {
    fc.assert(
      fc.property(formats, document, document, document, (format, b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y));
        expect(format.parse(format.serialize(merged))).toEqual(merged);
      }),
    );
  });

  it("[MERGE-2] the deepest readable nesting is merged, compared and described", () => {
    const nest = (inside: string) =>
      "[".repeat(240) + '{"a":'.repeat(240) + inside + "}".repeat(240) + "]".repeat(240);
    const merged = declared.merge(held(nest("1")), held(nest("2")), held(nest("3")));
    expect(declared.parse(declared.serialize(merged))).toEqual(merged);
    const objects = (inside: string) => '{"a":'.repeat(490) + inside + "}".repeat(490);
    const [text, conflicts] = merge(undeclared, objects("1"), objects("[2]"), objects("[3]"));
    expect([text.length, conflicts]).toEqual([objects(" [3]").length + 489, 1]);
    const changes = undeclared.diff(held(objects("1")).document, held(objects("2")).document);
    expect(undeclared.describe(changes)).toHaveLength(1);
  });

  it("[MERGE-18] with an empty base nothing that only one side has is deleted", () => {
    fc.assert(
      fc.property(jsonDocument, jsonDocument, (x, y) => {
        const merged = undeclared.merge(undeclared.empty, content(x), content(y)).document;
        expect(merged).toBeInstanceOf(Map);
        for (const [name] of [...x, ...y]) expect((merged as typeof x).has(name)).toBe(true);
      }),
    );
  });

  it("[MERGE-28] of two candidates, whatever differs is listed with both values", () => {
    fc.assert(
      fc.property(document, document, (x, y) => {
        const reconciled = undeclared.reconcile(content(x), content(y));
        const listed = reconciled.conflicts.open.map(({ path, values, base, reason }) => {
          expect([base, reason]).toEqual([undefined, "unknown-base"]);
          return formatJson([path, ...values.map((value) => (value === undefined ? [] : [value]))]);
        });
        const differing = undeclared.diff(x, y).map(({ path, before, after }) => {
          const values = [before, after].map((value) => (value === undefined ? [] : [value]));
          const sorted = values.toSorted((one, other) =>
            canonical(one) < canonical(other) ? -1 : 1,
          );
          return formatJson([path, ...sorted]);
        });
        expect(new Set(listed)).toEqual(new Set(differing));
      }),
    );

    function canonical([value]: readonly JsonValue[]): string {
      return value === undefined ? "" : formatJson(value, { sortKeys: true });
    }
  });

  it("[MERGE-1] the order of fields makes no difference, everything else does", () => {
    const reversed = (value: JsonValue): JsonValue => {
      if (value instanceof Map) {
        return new Map([...value].toReversed().map(([key, item]) => [key, reversed(item)]));
      }
      return Array.isArray(value) ? (value as readonly JsonValue[]).map(reversed) : value;
    };
    fc.assert(
      fc.property(document, document, (x, y) => {
        expect(undeclared.equal(content(x), content(reversed(x)))).toBe(true);
        const isSame = formatJson(x, { sortKeys: true }) === formatJson(y, { sortKeys: true });
        expect(undeclared.equal(content(x), content(y))).toBe(isSame);
      }),
    );
  });

  it("[MERGE-6] every path of a difference names a place where an answer can be put", () => {
    fc.assert(
      fc.property(document, document, document, (b, x, y) => {
        const merged = declared.merge(content(b), content(x), content(y));
        for (const { id, path } of merged.conflicts.open) {
          const outcome = declared.resolveConflict(merged, id, "first", 0);
          expect(outcome).toMatchObject({ type: "resolved", content: { retired: merged.retired } });
          const answered = outcome.type === "resolved" ? outcome.content : merged;
          expect(answered.conflicts.closed).toEqual([id]);
          const changes = declared.diff(merged.document, answered.document);
          const within = changes.filter((one) =>
            path.every((name, at) => withoutNumber(one.path[at] ?? "") === withoutNumber(name)),
          );
          expect(within).toEqual(changes);
        }
      }),
    );
  });

  it("[MERGE-40] there are changes exactly where documents differ", () => {
    fc.assert(
      fc.property(undeclaredOr, document, document, (format, x, y) => {
        expect(format.diff(x, parseJson(formatJson(x)))).toEqual([]);
        expect(format.diff(x, y).length === 0).toBe(format.equal(content(x), content(y)));
        expect(format.describe(format.diff(x, y))).toHaveLength(format.diff(x, y).length);
      }),
    );
  });
});

const undeclaredOr = fc.constantFrom<Format>(undeclared, formatOf({ type: "value" }));

describe("sets", () => {
  const format = formatOf({ type: "set" });

  it("[MERGE-14] additions and removals of both sides hold, without asking", () => {
    expect(
      merge(format, list("a", "b", "c"), list("a", "b", "c", "mine"), list("b", "c", "yours")),
    ).toEqual([list("b", "c", "mine", "yours"), 0]);
    expect(merge(format, list(), list("x"), list("x", "y"))).toEqual([list("x", "y"), 0]);
  });

  it("[MERGE-14] any additions and removals of both sides hold", () => {
    const texts = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e", "json:f", "1"));
    fc.assert(
      fc.property(texts, texts, texts, (b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y)).document as string[];
        const expected = new Set(
          [...b, ...x, ...y].filter((one) => {
            const [was, ours, theirs] = [b, x, y].map((texts) => texts.includes(one));
            return ours === was ? theirs : ours;
          }),
        );
        expect(new Set(merged)).toEqual(expected);
        expect(merged).toHaveLength(expected.size);
      }),
    );
  });

  it("[MERGE-14] items that repeat, look alike or are of different kinds stay apart", () => {
    expect(merge(format, list("a"), list("a", "a"), list("a", "b"))).toEqual([
      list("a", "b", "a"),
      0,
    ]);
    const mixed = '[1, 1.0, "1", "json:1", null, [null]]';
    expect(merge(format, "[]", mixed, `${mixed.slice(0, -1)}, true]`)).toEqual([
      `${mixed.slice(0, -1)}, true]`,
      0,
    ]);
  });

  it("[MERGE-14, MERGE-50] keyed items are merged field by field, others as one value", () => {
    const keyed = formatOf({ type: "set", key: "id" });
    expect(
      merge(
        keyed,
        '[{"id": "r", "a": 1, "b": 1}]',
        '[{"id": "r", "a": 2, "b": 1}]',
        '[{"id": "r", "a": 1, "b": 3, "new": null}]',
      ),
    ).toEqual(['[{"id": "r", "a": 2, "b": 3, "new": null}]', 0]);
  });
});

describe("lists", () => {
  const format = formatOf({ type: "list" });

  it("[MERGE-15] what both inserted stands where it was put", () => {
    expect(merge(format, list(1, 2, 3), list(1, 8, 2, 3), list(1, 2, 9, 3))).toEqual([
      list(1, 8, 2, 9, 3),
      0,
    ]);
    expect(merge(format, list(1, 2, 3), list(0, 1, 2), list(1, 2, 3, 4))).toEqual([
      list(0, 1, 2, 4),
      0,
    ]);
  });

  it("[MERGE-15] a side that moved items leads, and additions follow their neighbours", () => {
    expect(merge(format, list(1, 2, 3, 4), list(4, 3, 2, 1), list(1, 2, 9, 3, 4))).toEqual([
      list(4, 3, 2, 9, 1),
      0,
    ]);
  });

  it("[MERGE-15, MERGE-25] two different orders are a conflict, and the answer orders what is there by then", () => {
    const [base, ours, theirs] = [list(1, 2, 3), list(3, 2, 1, 7), list(2, 1, 3)];
    expect(merge(format, base, ours, theirs)[1]).toBe(1);
    const merged = format.merge(held(base), held(ours), held(theirs));
    const [conflict] = merged.conflicts.open;
    expect(conflict).toMatchObject({ reason: "ordered-differently", tier: "confirmation" });
    const later = format.edit(merged, parseJson(list(8, 1, 2)), 0);
    for (const choice of ["first", "second"] as const) {
      const outcome = format.resolveConflict(later, conflict?.id ?? "", choice, 0);
      const chosen = formatJson(conflict?.values[choice === "first" ? 0 : 1] ?? null);
      expect(outcome).toMatchObject({ type: "resolved" });
      const answered = outcome.type === "resolved" ? formatJson(outcome.content.document) : "";
      expect(answered).toBe(chosen === ours ? list(8, 2, 1) : list(8, 2, 1));
    }
  });

  it("[MERGE-15] any merge of lists has each side's unmoved items in that side's order", () => {
    const items = fc.uniqueArray(fc.nat(7), { maxLength: 7 });
    fc.assert(
      fc.property(items, items, (b, x) => {
        const inserted = [
          -1,
          ...b.flatMap((item, at) => (at % 2 === 0 ? [item, -2 - at] : [item])),
        ];
        const ours = b.filter((item) => x.includes(item));
        const merged = format.merge(content(big(b)), content(big(ours)), content(big(inserted)));
        const expected = inserted.filter((item) => item < 0 || x.includes(item));
        expect(merged.document).toEqual(big(expected));
        expect(format.conflictCount(merged)).toBe(0);
      }),
    );
  });

  const big = (numbers: readonly number[]) => numbers.map(BigInt);
});

describe("other values", () => {
  it("[MERGE-12, MERGE-16, MERGE-51] fields merge one by one, and fields nobody declared are kept", () => {
    expect(
      merge(
        undeclared,
        '{"a": 1, "b": 1, "c": {"d": 1}}',
        '{"a": 2, "b": 1, "c": {"d": 1, "e": []}}',
        '{"b": 1, "a": 1, "c": {}, "x": "y"}',
      ),
    ).toEqual(['{"a": 2, "b": 1, "c": {"e": []}, "x": "y"}', 0]);
    const maximum = formatOf({ type: "object", others: { type: "maximum" } });
    expect(merge(maximum, '{"n": 1}', '{"n": 5}', '{"n": 4.5}')).toEqual(['{"n": 5}', 0]);
    expect(merge(maximum, "{}", '{"n": 5, "m": NaN}', '{"n": 5.0, "m": -1}')).toEqual([
      '{"m": -1, "n": 5.0}',
      0,
    ]);
  });

  it("[MERGE-19, MERGE-21] removed here and changed there keeps the change and lists it", () => {
    expect(merge(undeclared, '{"a": {"b": 1}}', "{}", '{"a": {"b": 2}}')).toEqual([
      '{"a": {"b": 2}}',
      1,
    ]);
  });

  it("[MERGE-20, MERGE-21, MERGE-29] two values of one thing: the larger text is shown and both are listed", () => {
    const merged = undeclared.merge(held('{"a": 1}'), held('{"a": "x"}'), held('{"a": "y"}'));
    expect(formatJson(merged.document)).toBe('{"a": "y"}');
    expect(merged.conflicts.open).toMatchObject([
      {
        path: ["a"],
        reason: "changed-differently",
        tier: "confirmation",
        values: ["x", "y"],
        base: 1n,
      },
    ]);
    const advanced = undeclared.merge(held('{"a": 1}'), held('{"a": [1]}'), held('{"a": [2]}'));
    expect(advanced.conflicts.open).toMatchObject([{ tier: "advanced" }]);
  });
});

describe("conflicts", () => {
  const base = held('{"a": 0, "b": 0}');
  const merged = undeclared.merge(base, held('{"a": 1, "b": 1}'), held('{"a": 2, "b": 1}'));
  const [conflict] = merged.conflicts.open;

  function answer(of: Held, choice: ConflictChoice): Held {
    const outcome = undeclared.resolveConflict(of, of.conflicts.open[0]?.id ?? "", choice, 0);
    expect(outcome.type).toBe("resolved");
    return outcome.type === "resolved" ? outcome.content : of;
  }

  it("[MERGE-25] an answer puts the chosen value into the document and closes the conflict", () => {
    const shown: Record<ConflictChoice, string> = { first: "1", second: "2", shown: "2" };
    for (const choice of ["first", "second", "shown"] as const) {
      const answered = answer(merged, choice);
      expect(formatJson(answered.document)).toBe(`{"a": ${shown[choice]}, "b": 1}`);
      expect(answered.conflicts).toEqual({ open: [], closed: [conflict?.id] });
    }
    expect(undeclared.resolveConflict(merged, "no such id", "first", 0)).toEqual({
      type: "unknown-conflict",
    });
  });

  it("[MERGE-25] a conflict whose place is gone can only be closed", () => {
    const inner = undeclared.merge(
      held('{"o": {"a": 0}}'),
      held('{"o": {"a": 1}}'),
      held('{"o": {"a": 2}}'),
    );
    const gone = undeclared.edit(inner, new Map(), 0);
    const id = inner.conflicts.open[0]?.id ?? "";
    expect(undeclared.resolveConflict(gone, id, "first", 0)).toEqual({ type: "place-is-gone" });
    expect(answer(gone, "shown").document).toEqual(new Map());
  });

  it("[MERGE-24] an answer holds against devices that still have the question or one of its values", () => {
    const answered = answer(merged, "first");
    const late = undeclared.edit(merged, parseJson('{"a": 2, "b": 5}'), 0);
    const both = undeclared.merge(merged, late, answered);
    expect([formatJson(both.document), both.conflicts.open]).toEqual(['{"a": 1, "b": 5}', []]);
    const offline = undeclared.merge(base, held('{"a": 2, "b": 0}'), answered);
    expect([formatJson(offline.document), offline.conflicts.open]).toEqual([
      '{"a": 1, "b": 1}',
      [],
    ]);
  });

  it("[MERGE-24] the same two values in a later disagreement are a new question", () => {
    const answered = answer(merged, "first");
    const before = undeclared.edit(answered, parseJson('{"a": 0, "b": 1}'), 0);
    const edit = (text: string) => undeclared.edit(before, parseJson(text), 0);
    const again = undeclared.merge(before, edit('{"a": 1, "b": 1}'), edit('{"a": 2, "b": 1}'));
    expect(again.conflicts.open).toHaveLength(1);
    expect(again.conflicts.open[0]?.id).not.toBe(conflict?.id);
    expect(answer(again, "second").conflicts.closed).toHaveLength(2);
  });

  it("[MERGE-3] open conflicts stay on every path until they are answered", () => {
    const plain = content(merged.document);
    for (const kept of [
      undeclared.merge(merged, plain, merged),
      undeclared.merge(merged, plain, plain),
      undeclared.grow(merged, plain),
      undeclared.reconcile(merged, plain),
    ]) {
      expect(kept.conflicts).toEqual(merged.conflicts);
    }
    expect(undeclared.conflictCount(merged)).toBe(1);
  });

  it("[MERGE-41] changes and conflicts are told in plain words, without secrets and control characters", () => {
    const secretive = createJsonFormat({ isSecret: ([name]) => name === "pin" });
    const changes = secretive.diff(
      parseJson('{"a": "x", "b": [1], "pin": 1234, "gone": {"x": 1}}'),
      parseJson('{"a": "\\u001b[31my", "b": {}, "pin": 9876, "new\\u202e": null}'),
    );
    expect(secretive.describe(changes)).toEqual([
      'A changed from "x" to "\ufffd[31my".',
      "B changed from a list of 1 item to an object with 0 fields.",
      "Pin changed.",
      "Gone was removed. It was an object with 1 field.",
      "New\ufffd was added: null.",
    ]);
    expect(undeclared.describeConflict(merged, merged.conflicts.open[0]!)).toBe(
      "Two devices changed a: one to 1, the other to 2. For now it is 2.",
    );
    const pins = secretive.merge(held('{"pin": 1}'), held('{"pin": 1234}'), held('{"pin": 9876}'));
    const words = secretive.describeConflict(pins, pins.conflicts.open[0]!);
    expect(words).not.toMatch(/1234|9876/u);
  });
});

describe("three devices around one line of revisions", () => {
  const choices = fc.constantFrom<ConflictChoice>("first", "second", "shown");
  const action = fc.oneof(
    { arbitrary: jsonDocument, weight: 3 },
    { arbitrary: fc.constant("sync" as const), weight: 3 },
    { arbitrary: choices, weight: 1 },
  );

  it("[MERGE-27] converge in any order, and then fall silent", () => {
    fc.assert(
      fc.property(
        formats,
        fc.array(fc.tuple(fc.nat(2), action), { maxLength: 15 }),
        (format, steps) => {
          const line = new DeviceLine(format, format.empty, [0, 0, 0]);
          for (const [which, next] of steps) {
            const device = line.devices[which]!;
            const [open] = device.local.conflicts.open;
            if (next === "sync") line.sync(device);
            else if (typeof next !== "string") device.local = format.edit(device.local, next, 0);
            else if (open !== undefined) {
              const outcome = format.resolveConflict(device.local, open.id, next, 0);
              if (outcome.type === "resolved") device.local = outcome.content;
            }
          }
          expect(line.settle(12)).toBeLessThan(8);
          const [first, ...others] = line.devices.map((device) => device.local);
          for (const other of others) expect(format.equal(first!, other)).toBe(true);
        },
      ),
    );
  });
});

describe("synced texts of JSON documents", () => {
  it("[MERGE-52] another app's text, a damaged one and one of a newer version are refused", () => {
    const text = undeclared.serialize(held('{"a": 1}'));
    expect(undeclared.parse(text)).toEqual(held('{"a": 1}'));
    expect(thrownCode(() => createJsonFormat({ name: "notes" }).parse(text))).toBe(
      "malformed-wallet",
    );
    for (const broken of ["{}", "[]", '{"format": "json"}', text.replace('"open"', '"opened"')]) {
      expect(thrownCode(() => undeclared.parse(broken))).toBe("malformed-wallet");
    }
    expect(thrownCode(() => undeclared.parse(text.replace('"version": 1', '"version": 2')))).toBe(
      "unsupported-version",
    );
    expect(thrownCode(() => undeclared.parse("{"))).toBe("malformed-json");
  });

  it("[MERGE-2] any text is read or refused with a typed error", () => {
    const noise = fc.oneof(
      fc.string(),
      jsonArbitrary.map((value) => formatJson(value)),
    );
    const patched = jsonArbitrary.map((value) =>
      undeclared.serialize(held("{}")).replace(/\[\]/u, formatJson(value).replaceAll("$", "")),
    );
    fc.assert(
      fc.property(fc.oneof(noise, patched), (text) => {
        expect(["malformed-json", "malformed-wallet", "none"]).toContain(codeOf(text));
      }),
    );
  });

  function codeOf(text: string): string {
    try {
      undeclared.merge(undeclared.empty, undeclared.parse(text), undeclared.empty);
      return "none";
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }
});
