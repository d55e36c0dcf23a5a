/**
 * From an account, as a wallet file has it, to its keys, id and addresses (LBRY-47, LBRY-48). A stored
 * seed overrides stored keys; an encrypted account is known by its public key alone. Empty and null
 * fields count as absent, as in Python.
 */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import { WalletError } from "../wallet-error.ts";
import { type ExtendedKey, masterKeyOfSeed, parseExtendedKey } from "./extended-key.ts";
import { type Network, networkOfLedger } from "./network.ts";
import { deriveSeedBytes } from "./seed-phrase.ts";

/** Makes the 64 seed bytes of a phrase: `deriveSeedBytes`, or something that remembers its results. */
export type SeedDerivation = (phrase: string) => Uint8Array;

export interface AccountKeys {
  /** The address of the master public key. */
  readonly id: string;
  readonly masterKey: ExtendedKey;
  /** A single-address account always uses the master key itself. */
  readonly isSingleAddress: boolean;
}

export type AddressChain = "receiving" | "change";

const chainNumbers = { receiving: 0, change: 1, channel: 2 };

/**
 * The keys of one account object; throws `malformed-wallet`, `malformed-key`, `malformed-seed` or `unknown-ledger`.
 * Takes about 10 ms for an account with a seed unless `deriveSeed` remembers it.
 */
export function deriveAccountKeys(
  account: JsonObject,
  deriveSeed: SeedDerivation = deriveSeedBytes,
): AccountKeys {
  const masterKey = masterKeyOf(account, deriveSeed);
  const generator = account.get("address_generator");
  return {
    id: masterKey.address,
    masterKey,
    isSingleAddress: generator instanceof Map && generator.get("name") === "single-address",
  };
}

/** The id of one account object, by which wallets know it; throws as `deriveAccountKeys` does. */
export function deriveAccountId(
  account: JsonObject,
  deriveSeed: SeedDerivation = deriveSeedBytes,
): string {
  return masterKeyOf(account, deriveSeed).address;
}

function masterKeyOf(account: JsonObject, deriveSeed: SeedDerivation): ExtendedKey {
  const { type, text, network } = keySourceOf(account);
  if (type === "seed") return masterKeyOfSeed(deriveSeed(text), network);
  const key = parseExtendedKey(text, network);
  if (type === "public" || key.hasPrivateKey) return key;
  throw new WalletError(
    "malformed-key",
    "An account has a public key where its private key should be.",
  );
}

/** What an account's keys come from, and the text of it; throws `malformed-wallet` or `unknown-ledger`. */
export function keySourceOf(account: JsonObject): {
  readonly type: "seed" | "private" | "public";
  readonly text: string;
  readonly network: Network;
} {
  const network = networkOfLedger(textField(account, "ledger"));
  if (!isTruthy(account.get("encrypted"))) {
    const seed = textField(account, "seed");
    if (seed !== "") return { type: "seed", text: seed, network };
    const privateText = textField(account, "private_key");
    if (privateText !== "") return { type: "private", text: privateText, network };
  }
  const publicText = textField(account, "public_key");
  if (publicText !== "") return { type: "public", text: publicText, network };
  throw new WalletError("malformed-wallet", "An account has neither a seed nor any key.");
}

function textField(account: JsonObject, name: string): string {
  const value = account.get(name);
  if (!isTruthy(value)) return "";
  if (typeof value === "string") return value;
  throw new WalletError("malformed-wallet", `An account's field "${name}" is not a text.`);
}

function isTruthy(value: JsonValue | undefined): boolean {
  if (value instanceof Map) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value) || Number.isNaN(value);
}

/** `count` addresses of one chain from index `start`: m/0/n for receiving, m/1/n for change. */
export function deriveAddresses(
  keys: AccountKeys,
  chain: AddressChain,
  start: number,
  count: number,
): string[] {
  if (keys.isSingleAddress) return [keys.id];
  const chainKey = keys.masterKey.toPublic().derive(chainNumbers[chain]);
  return Array.from({ length: count }, (_, offset) => chainKey.derive(start + offset).address);
}

/** The key behind one address; of a watch-only account, the public half. */
export function deriveAddressKey(
  keys: AccountKeys,
  chain: AddressChain,
  index: number,
): ExtendedKey {
  return keys.isSingleAddress ? keys.masterKey : keys.masterKey.derive(chainNumbers[chain], index);
}

/** The n-th deterministic channel key, m/2/n, which is never stored; of a watch-only account, the public half. */
export function deriveChannelKey(keys: AccountKeys, index: number): ExtendedKey {
  return keys.masterKey.derive(chainNumbers.channel, index);
}
