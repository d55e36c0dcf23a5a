import { lbryFormat, mainnet, masterKeyOfSeed } from "@holdfast/wallet/lbry";
import type { JsonValue, WalletDocument } from "@holdfast/wallet/lbry";
import type { Content } from "@holdfast/wallet/merge";

/** Texts of a base and of two wallets that were changed apart, all as large as asked for. */
export function largeWallets(
  accounts: number,
  subscriptions: number,
): { readonly base: string; readonly ours: string; readonly theirs: string } {
  const channels = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, at) => `lbry://@${prefix}${at}#${at}`);
  const subscribed = channels("channel", subscriptions);
  const base = lbryFormat.contentOf(walletOf(accounts, subscribed, "base", 100n));
  const ours = edited(base, [...subscribed.slice(50), ...channels("ours", 50)], "ours", 200);
  const theirs = edited(
    base,
    [...channels("theirs", 50), ...subscribed.slice(0, -50)],
    "theirs",
    300,
  );
  return {
    base: lbryFormat.serialize(base),
    ours: lbryFormat.serialize(ours),
    theirs: lbryFormat.serialize(theirs),
  };
}

function edited(
  before: Content<WalletDocument>,
  subscriptions: readonly string[],
  name: string,
  now: number,
): Content<WalletDocument> {
  const accounts = (
    before.document.get("accounts") as readonly ReadonlyMap<string, JsonValue>[]
  ).map((account, at) => (at % 3 === 0 ? new Map(account).set("name", `${name} ${at}`) : account));
  const changed = new Map(before.document)
    .set("accounts", accounts)
    .set("preferences", preferencesOf(subscriptions, 100n));
  return lbryFormat.edit(before, changed, now);
}

function walletOf(
  accounts: number,
  subscriptions: readonly string[],
  name: string,
  ts: bigint,
): WalletDocument {
  return new Map<string, JsonValue>([
    ["version", 1n],
    ["name", "My Wallet"],
    ["preferences", preferencesOf(subscriptions, ts)],
    [
      "accounts",
      Array.from({ length: accounts }, (_, at) => {
        const key = masterKeyOfSeed(new Uint8Array(32).fill(at + 1), mainnet);
        return new Map<string, JsonValue>([
          ["ledger", mainnet.ledger],
          ["name", `${name} ${at}`],
          ["private_key", key.privateText],
          ["public_key", key.publicText],
          ["modified_on", ts],
        ]);
      }),
    ],
  ]);
}

function preferencesOf(subscriptions: readonly string[], ts: bigint): JsonValue {
  const value = new Map<string, JsonValue>([["subscriptions", subscriptions]]);
  const outer = new Map<string, JsonValue>([
    ["type", "object"],
    ["value", value],
    ["version", "0.1"],
  ]);
  return new Map([
    [
      "shared",
      new Map<string, JsonValue>([
        ["ts", ts],
        ["value", outer],
      ]),
    ],
  ]);
}
