import { expect, it } from "vitest";
import { objectOf, sharedPreference, walletOf } from "../../../test-support/wallet-arbitraries.ts";
import type { WalletDocument } from "../wallet-document.ts";
import { lbryFormat } from "./index.ts";

function wallet(subscriptions: readonly string[]): WalletDocument {
  const items = subscriptions.toReversed();
  const builtinCollections = objectOf({ later: objectOf({ items }) });
  return walletOf({ shared: sharedPreference({ subscriptions, builtinCollections }, 1n) }, []);
}

/** CPU time in µs of a merge of wallets with this many subscriptions and list items, changed at both ends. */
function mergeCost(size: number): number {
  const all = Array.from({ length: size }, (_, at) => `lbry://@channel${String(at)}`);
  const costs = Array.from({ length: 4 }, () => {
    const base = lbryFormat.contentOf(wallet(all));
    const ours = lbryFormat.edit(base, wallet([...all.slice(10), "lbry://ours"]), 2);
    const theirs = lbryFormat.edit(base, wallet(["lbry://theirs", ...all.slice(0, -10)]), 3);
    const before = process.cpuUsage();
    const merged = lbryFormat.merge(base, ours, theirs);
    const { user, system } = process.cpuUsage(before);
    expect(lbryFormat.serialize(merged)).toContain("lbry://ours");
    return user + system;
  });
  return Math.min(...costs);
}

it("[MERGE-2] a wallet sixteen times as large takes about sixteen times as long, and nowhere near its square", () => {
  mergeCost(1250);
  const growth = mergeCost(20_000) / mergeCost(1250);
  expect(growth).toBeLessThan(100);
});
