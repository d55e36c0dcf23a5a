/** New wallets and accounts (LBRY-31). */
import type { JsonObject, JsonValue } from "../json/value.ts";
import { formatAccount, loadAccount } from "./account.ts";
import { makeSeedPhrase, type Network } from "./keys/index.ts";
import { arrayOf } from "./fields.ts";
import type { WalletDocument } from "./wallet-document.ts";

export interface NewAccount {
  readonly ledger?: Network["ledger"];
  /** `Account #` and its id if not given. */
  readonly name?: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** Gives as many fresh random bytes as asked for. */
  readonly randomBytes: (length: number) => Uint8Array;
}

/** A wallet without accounts and preferences. */
export function emptyWallet(name = "My Wallet"): WalletDocument {
  return new Map<string, JsonValue>([
    ["version", 1n],
    ["name", name],
    ["preferences", new Map()],
    ["accounts", []],
  ]);
}

/** An account with a fresh seed phrase, as JSON; throws `weak-randomness`. */
export function createAccount({
  ledger = "lbc_mainnet",
  name = "",
  now,
  randomBytes,
}: NewAccount): JsonObject {
  const fields = new Map<string, JsonValue>([
    ["ledger", ledger],
    ["name", name],
    ["seed", makeSeedPhrase(randomBytes)],
  ]);
  return formatAccount(loadAccount(fields, now));
}

/** The wallet with one account more, at its end; throws `malformed-wallet`. */
export function addAccount(wallet: WalletDocument, account: JsonObject): WalletDocument {
  const accounts = wallet.has("accounts")
    ? arrayOf(wallet.get("accounts"), "its list of accounts")
    : [];
  return new Map(wallet).set("accounts", [...accounts, account]);
}
