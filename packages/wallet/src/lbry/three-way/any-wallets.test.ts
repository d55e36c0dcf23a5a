/** What holds for any wallets the SDK could load, related or not. */
import { readVectors } from "@holdfast/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accounts,
  applyEdit,
  objectAt,
  sharedPreference,
  wallet,
  walletEdit,
  walletOf,
} from "../../../test-support/wallet-arbitraries.ts";
import { formatJson } from "../../json/format-json.ts";
import { parseJson } from "../../json/parse-json.ts";
import type { JsonValue } from "../../json/value.ts";
import type { Content } from "../../merge/wallet-format.ts";
import { mergeWallets } from "../merge-wallets.ts";
import { sameContent } from "../same-content.ts";
import {
  formatWalletText,
  isLocked,
  loadWallet,
  parseWallet,
  type WalletDocument,
} from "../wallet-document.ts";
import { WalletError } from "../wallet-error.ts";
import { lbryFormat, putNotes } from "./index.ts";

type Held = Content<WalletDocument>;

const format = lbryFormat;
const content = (document: WalletDocument): Held => format.contentOf(document);
const sorted = (value: JsonValue): string => formatJson(value, { sortKeys: true });

/** Edits one after another, as one device makes them. */
function edited(
  from: Held,
  edits: readonly Parameters<typeof applyEdit>[1][],
  trace: string,
): Held {
  return edits.reduce(
    (held, edit, at) =>
      format.edit(held, applyEdit(held.document, edit, `${trace}${at}`), 1000 + at),
    from,
  );
}

// Every wallet that is read derives its keys, which takes a millisecond or more each.
const few = { numRuns: 50 };

describe("reading any LBRY wallet again", () => {
  it("[P3C-52] gives what looking at its keys once more would give, conflicts and retired keys included", () => {
    fc.assert(
      fc.property(wallet, wallet, (x, y) => {
        for (const held of [content(x), format.reconcile(content(x), content(y))]) {
          const text = format.serialize(held);
          expect(format.reparse(text)).toEqual(format.parse(text));
          expect(format.serialize(format.reparse(text))).toBe(text);
          expect(format.equal(format.reparse(text), held)).toBe(true);
        }
      }),
      few,
    );
  });
});

describe("merging any LBRY wallets", () => {
  it("[MERGE-22] the result does not depend on which side is ours", () => {
    fc.assert(
      fc.property(wallet, wallet, wallet, (b, x, y) => {
        const [base, ours, theirs] = [content(b), content(x), content(y)];
        const merged = format.merge(base, ours, theirs);
        const swapped = format.merge(base, theirs, ours);
        expect(sorted(putNotes(swapped))).toBe(sorted(putNotes(merged)));
        expect(format.equal(format.reconcile(ours, theirs), format.reconcile(theirs, ours))).toBe(
          true,
        );
      }),
      few,
    );
  });

  it("[MERGE-69] the result is loadable by the SDK, and the SDK's merge of it with itself changes nothing", () => {
    fc.assert(
      fc.property(wallet, wallet, wallet, (b, x, y) => {
        const merged = putNotes(format.merge(content(b), content(x), content(y)));
        expect(sameContent(mergeWallets(merged, merged, { now: 1000 }), merged)).toBe(true);
        expect(formatJson(merged)).toContain(formatWalletText(merged).slice(1, 20));
      }),
      few,
    );
  });

  it("[MERGE-5] merged contents survive being written and read", () => {
    fc.assert(
      fc.property(wallet, wallet, wallet, (b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y));
        expect(format.parse(format.serialize(merged))).toEqual(merged);
      }),
      few,
    );
  });

  it("[MERGE-30] no private key, seed or channel key of any of the three is gone", () => {
    fc.assert(
      fc.property(wallet, wallet, wallet, (b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y));
        const reconciled = format.reconcile(content(x), content(y));
        const grown = format.grow(content(x), content(y));
        expect(keysMissing(merged, [b, x, y])).toEqual([]);
        expect(keysMissing(reconciled, [x, y])).toEqual([]);
        expect(keysMissing(grown, [x, y])).toEqual([]);
      }),
      few,
    );
  });

  it("[MERGE-41] nothing told about changes and conflicts has a key in it", () => {
    fc.assert(
      fc.property(wallet, wallet, wallet, (b, x, y) => {
        const merged = format.merge(content(b), content(x), content(y));
        const words = [
          ...format.describe(format.diff(x, y)),
          ...merged.conflicts.open.map((conflict) => format.describeConflict(merged, conflict)),
          ...merged.retired.keys.map((key) => format.describeRetired(key)),
        ];
        expect(words.filter((one) => one.length < 5)).toEqual([]);
        expect(words.join("\n")).not.toMatch(/xprv|carbon|pem-/u);
      }),
      few,
    );
  });

  function keysMissing(held: Held, sources: readonly WalletDocument[]): string[] {
    const text = format.serialize(held);
    return sources
      .flatMap((source) => loadWallet(source).accounts)
      .flatMap(({ seed, privateKey, certificates }) => [seed, privateKey, ...certificates.values()])
      .filter((key) => typeof key === "string" && !text.includes(key)) as string[];
  }
});

describe("merging edits of one wallet", () => {
  const start = content(
    walletOf(
      { shared: sharedPreference({ subscriptions: ["a", "b"], tags: ["t"] }, 50n) },
      accounts.slice(1, 4),
      { unknown: "kept" },
    ),
  );
  const edits = fc.array(walletEdit, { maxLength: 6 });

  it("[MERGE-10, MERGE-11] what one side left alone follows the other exactly", () => {
    fc.assert(
      fc.property(edits, edits, (before, after) => {
        const base = edited(start, before, "b");
        const changed = edited(base, after, "x");
        const copy = format.parse(format.serialize(base));
        expect(format.merge(base, copy, changed)).toEqual(changed);
        expect(format.merge(base, changed, copy)).toEqual(changed);
        const same = format.parse(format.serialize(changed));
        expect(format.merge(base, changed, same)).toEqual(changed);
      }),
      few,
    );
  });

  it("[MERGE-69] the SDK's merge of either side into the result, or of the result into either side, keeps the result", () => {
    // The SDK deletes nothing, so it brings back what was removed.
    const kept = edits.map((list) =>
      list.filter(({ kind }) => !["removeChannel", "removeAccount"].includes(kind)),
    );
    fc.assert(
      fc.property(kept, kept, (ours, theirs) => {
        const [x, y] = [edited(start, ours, "x"), edited(start, theirs, "y")];
        const merged = format.merge(start, x, y);
        const wanted = putNotes(merged);
        for (const side of [start, x, y]) {
          const other = putNotes(side);
          for (const result of [
            mergeWallets(wanted, other, { now: 5000 }),
            mergeWallets(other, wanted, { now: 5000 }),
          ]) {
            for (const [key, entry] of objectAt(wanted, "preferences")) {
              expect(sorted(objectAt(result, "preferences").get(key) ?? null)).toBe(sorted(entry));
            }
            const found = new Map(loadWallet(result).accounts.map((one) => [one.id, one]));
            for (const account of loadWallet(wanted).accounts) {
              const { name, modifiedOn, generator } = account;
              expect(found.get(account.id)).toMatchObject({ name, modifiedOn, generator });
            }
          }
        }
      }),
      few,
    );
  });

  it("[MERGE-12] fields LBRY does not know are kept, in the wallet and in accounts", () => {
    const mark = (held: Held, where: "markWallet" | "markAccount", text: string) =>
      format.edit(held, applyEdit(held.document, { kind: where, pick: 0 }, text), 1000);
    const merged = format.merge(
      start,
      mark(start, "markWallet", "w"),
      mark(start, "markAccount", "a"),
    );
    expect(merged.document.get("unknown")).toBe("w");
    expect(sorted(merged.document)).toContain('"unknown": "a"');
    expect(merged.conflicts.open).toEqual([]);
    expect(format.parse(format.serialize(merged))).toEqual(merged);
  });
});

interface WalletVector {
  readonly name: string;
  readonly local_wallet_file: string;
  readonly remote_json: string;
}

describe("wallets of the SDK's own merge vectors", () => {
  it.each(readVectors<WalletVector>("preferences_merge", "wallet"))(
    "[MERGE-69] $name: merged three-way, loadable, and the SDK's merge changes nothing",
    ({ local_wallet_file, remote_json }) => {
      const [ours, theirs] = [read(local_wallet_file), read(remote_json)];
      for (const base of [format.empty, ours, theirs]) {
        const merged = format.merge(base, ours, theirs);
        expect(format.equal(merged, format.merge(base, theirs, ours))).toBe(true);
        const document = parseWallet(format.serialize(merged));
        // The SDK refuses to merge into a locked wallet, and folds an account that is listed twice into one.
        const ids = loadWallet(document).accounts.map(({ id }) => id);
        const isRefused = isLocked(document) || new Set(ids).size < ids.length;
        const again = isRefused ? document : mergeWallets(document, document, { now: 0 });
        expect(sameContent(again, document)).toBe(true);
        expect(format.parse(formatJson(parseJson(format.serialize(merged))))).toEqual(merged);
      }
    },
  );

  /** What the SDK cannot load stands for an empty wallet. */
  function read(text: string): Held {
    try {
      return format.contentOf(parseWallet(text));
    } catch (error) {
      if (error instanceof WalletError) return format.empty;
      throw error;
    }
  }
});
