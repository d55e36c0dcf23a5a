import { bytesToHex } from "@noble/hashes/utils.js";
import { readVectors, thrownCode } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { formatJson } from "../json/format-json.ts";
import { parseJson } from "../json/parse-json.ts";
import { unlockWallet } from "./encrypt-wallet.ts";
import { objectOf } from "./fields.ts";
import { mergeLoadedWallets, mergeWallets } from "./merge-wallets.ts";
import { mergePreferences } from "./preferences.ts";
import { hashLoadedWallet, hashPreferences } from "./sync-hash.ts";
import { formatWalletText, isLocked, loadWallet, parseWallet } from "./wallet-document.ts";

interface PreferencesCase {
  readonly name: string;
  readonly local_json: string;
  readonly remote_json: string;
  readonly merged_json?: string;
  readonly merged_hash?: string;
  readonly error?: unknown;
}

interface WalletCase {
  readonly name: string;
  readonly now: number;
  readonly local_wallet_file: string;
  readonly remote_json: string;
  readonly unlock_password?: string | null;
  readonly added_ids: readonly string[];
  readonly merged_ids: readonly string[];
  readonly account_ids_after: readonly string[];
  readonly merged_json: string;
  readonly hash?: string;
  readonly is_locked_after: boolean;
  readonly error?: unknown;
}

const preferences = readVectors<PreferencesCase>("preferences_merge", "preferences");
const wallets = readVectors<WalletCase>("preferences_merge", "wallet");
const isGood = (one: { readonly error?: unknown }) => one.error === undefined;
const isRefused = (one: { readonly error?: unknown }) => one.error !== undefined;

const object = (text: string) => objectOf(parseJson(text), "the vector");

function prepare(one: WalletCase) {
  const wallet = parseWallet(one.local_wallet_file);
  return one.unlock_password ? unlockWallet(wallet, one.unlock_password) : wallet;
}

describe("vectors", () => {
  it("has every case of preferences_merge of these kinds", () => {
    expect([preferences.filter(isGood).length, preferences.length]).toStrictEqual([14, 15]);
    expect([wallets.filter(isGood).length, wallets.length]).toStrictEqual([25, 35]);
  });

  it.each(preferences.filter(isGood))("[LBRY-21] preferences merge as in the SDK: $name", (one) => {
    const merged = mergePreferences(object(one.local_json), object(one.remote_json));
    expect(formatJson(merged)).toBe(one.merged_json);
    expect(bytesToHex(hashPreferences(merged))).toBe(one.merged_hash);
  });

  it.each(preferences.filter(isRefused))(
    "[LBRY-23] preferences are refused and unchanged: $name",
    (one) => {
      const local = object(one.local_json);
      expect(thrownCode(() => mergePreferences(local, object(one.remote_json)))).toBe(
        "merge-refused",
      );
      expect(formatJson(local)).toBe(one.local_json);
    },
  );

  it.each(wallets.filter(isGood))("[LBRY-22] wallets merge as in the SDK: $name", (one) => {
    const merged = mergeWallets(prepare(one), object(one.remote_json), { now: one.now });
    expect(formatWalletText(merged)).toBe(one.merged_json);
    expect(isLocked(merged)).toBe(one.is_locked_after);
  });

  it.each(wallets.filter(isGood))(
    "[LBRY-22] new and known accounts are told apart: $name",
    (one) => {
      const local = { ...loadWallet(prepare(one), { now: one.now }) };
      const result = mergeLoadedWallets(local, object(one.remote_json), one.now);
      expect(result.addedIds).toStrictEqual(one.added_ids);
      expect(result.mergedIds).toStrictEqual(one.merged_ids);
      expect(result.wallet.accounts.map(({ id }) => id)).toStrictEqual(one.account_ids_after);
      const password = one.unlock_password ?? undefined;
      const hash = one.is_locked_after
        ? null
        : bytesToHex(hashLoadedWallet(result.wallet, password));
      expect(hash).toBe(one.hash ?? null);
    },
  );

  it.each(wallets.filter(isRefused))(
    "[LBRY-23] a wallet is refused and unchanged: $name",
    (one) => {
      const local = prepare(one);
      const before = formatJson(local);
      const work = () => mergeWallets(local, object(one.remote_json), { now: one.now });
      const expected =
        one.name === "local wallet locked"
          ? "wallet-locked"
          : one.name === "not JSON"
            ? "malformed-json"
            : "merge-refused";
      expect(thrownCode(work)).toBe(expected);
      expect(formatJson(local)).toBe(before);
    },
  );
});
