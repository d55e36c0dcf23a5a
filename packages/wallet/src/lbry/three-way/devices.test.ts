/** Random edits on three devices, with clocks that are off, in any order: nothing may get lost. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Device, DeviceLine } from "../../../test-support/device-line.ts";
import {
  accounts,
  accountsOf,
  applyEdit,
  objectAt,
  sharedPreference,
  walletEdit,
  type WalletEdit,
  walletOf,
} from "../../../test-support/wallet-arbitraries.ts";
import { formatJson } from "../../json/format-json.ts";
import type { ConflictChoice, Content } from "../../merge/wallet-format.ts";
import type { WalletDocument } from "../wallet-document.ts";
import { lbryFormat } from "./index.ts";

type Held = Content<WalletDocument>;
type Action = WalletEdit | "sync" | { readonly choice: ConflictChoice; readonly which: number };

const start = lbryFormat.contentOf(
  walletOf(
    { shared: sharedPreference({ subscriptions: ["lbry://start"], settings: new Map() }, 50n) },
    accounts.slice(0, 2),
  ),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  { arbitrary: walletEdit, weight: 4 },
  { arbitrary: fc.constant("sync" as const), weight: 2 },
  {
    arbitrary: fc.record({
      choice: fc.constantFrom<ConflictChoice>("first", "second", "shown"),
      which: fc.nat(5),
    }),
    weight: 1,
  },
);
const steps = fc.array(fc.tuple(fc.nat(2), action), { maxLength: 25 });
const skews = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9));

/** Performs the steps and watches what was written, what was overwritten knowingly, and which keys there were. */
class Observer {
  readonly line = new DeviceLine(lbryFormat, start, []);
  readonly #written = new Set<string>();
  readonly #overwritten = new Set<string>();
  readonly #keys = new Set<string>();

  constructor(skewsSeconds: readonly number[]) {
    this.line = new DeviceLine(lbryFormat, start, skewsSeconds);
  }

  perform(device: Device<WalletDocument>, next: Action, at: number): void {
    if (next === "sync") {
      this.line.sync(device);
      return;
    }
    const before = textsOf(device.local);
    const now = 100 + at + device.skewSeconds;
    if ("choice" in next) device.local = answer(device.local, next.choice, next.which, now);
    else {
      const trace = `trace${at}.`;
      const document = applyEdit(device.local.document, next, trace);
      device.local = lbryFormat.edit(device.local, document, now);
      if (lbryFormat.serialize(device.local).includes(trace)) this.#written.add(trace);
    }
    const after = textsOf(device.local);
    for (const trace of this.#written) {
      const isGone = (text: string, at: number) =>
        text.includes(trace) && !(after[at] ?? "").includes(trace);
      if (before.some(isGone)) this.#overwritten.add(trace);
    }
    for (const key of keysOf(device.local.document)) this.#keys.add(key);
  }

  lost(text: string): string[] {
    return [
      ...[...this.#written].filter((trace) => !this.#overwritten.has(trace)),
      ...this.#keys,
    ].filter((trace) => !text.includes(trace));
  }
}

/** What a person sees: the document alone, and with its conflicts and retired keys. */
function textsOf(content: Held): readonly [string, string] {
  return [formatJson(content.document), lbryFormat.serialize(content)];
}

function answer(content: Held, choice: ConflictChoice, which: number, now: number): Held {
  const { open } = content.conflicts;
  const conflict = open[which % Math.max(1, open.length)];
  if (conflict === undefined) return content;
  const outcome = lbryFormat.resolveConflict(content, conflict.id, choice, now);
  return outcome.type === "resolved" ? outcome.content : content;
}

function keysOf(document: WalletDocument): string[] {
  return accountsOf(document)
    .flatMap((account) => [
      account.get("seed"),
      account.get("private_key"),
      ...objectAt(account, "certificates").values(),
    ])
    .filter((key) => typeof key === "string");
}

describe("three devices around one line of revisions", () => {
  it("[MERGE-23, MERGE-27, MERGE-30] converge in any order, lose no edit and no key, and then fall silent", () => {
    fc.assert(
      fc.property(steps, skews, (actions, hours) => {
        const observer = new Observer(hours.map((hour) => 3600 * hour));
        for (const [at, [which, next]] of actions.entries()) {
          observer.perform(observer.line.devices[which]!, next, at);
        }
        expect(observer.line.settle(12)).toBeLessThan(8);
        const [first, ...others] = observer.line.devices.map((device) => device.local);
        const text = lbryFormat.serialize(first!);
        for (const other of others) {
          expect(formatJson(other.document, { sortKeys: true })).toBe(
            formatJson(first!.document, { sortKeys: true }),
          );
          expect(lbryFormat.equal(first!, other)).toBe(true);
        }
        expect(observer.lost(text)).toEqual([]);
      }),
    );
  });
});
