/**
 * One account as the SDK holds it in memory, and its way from and to JSON (LBRY-15). What a file leaves out is filled in; what keys say follows
 * from the seed, if there is one.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { JsonObject, JsonValue } from "../json/value.ts";
import { canonicalText } from "../merge/canonical-text.ts";
import {
  type AddressGenerator,
  formatAddressGenerator,
  parseAddressGenerator,
} from "./address-generator.ts";
import { isTruthy, objectOf, optionalText, wholeNumberOf, wrongType } from "./fields.ts";
import { type AccountKeys, deriveAccountKeys } from "./keys/index.ts";

export interface Account {
  /** The address of the public key. */
  readonly id: string;
  readonly ledger: string;
  readonly name: string;
  /** As it was written, encrypted if the account is; null and "" both mean none. */
  readonly seed: string | null;
  readonly isEncrypted: boolean;
  /** `xprv…` or, if the account is encrypted, base64; null and "" both mean none. */
  readonly privateKey: string | null;
  readonly publicKey: string;
  readonly generator: AddressGenerator;
  /** Seconds since 1970. */
  readonly modifiedOn: bigint;
  /** Channel keys (PEM) by channel id. */
  readonly certificates: JsonObject;
  /** What the fields were encrypted with, kept so that encrypting again gives the same text. */
  readonly initVectors: InitVectors;
  /** The JSON it was loaded from, for the fields LBRY does not know. */
  readonly source: JsonObject;
}

interface InitVectors {
  readonly privateKey?: Uint8Array;
  readonly seed?: Uint8Array;
}

/**
 * Loads an account of a wallet file as the SDK does; `now` (seconds) is its date if it has none. Throws `malformed-wallet`,
 * `malformed-key`, `malformed-seed` or `unknown-ledger`.
 */
export function loadAccount(value: JsonValue | undefined, now: number): Account {
  const fields = objectOf(value, "an account");
  const name = optionalText(fields.get("name"), "an account's name");
  const seed = optionalText(fields.get("seed"), "an account's seed");
  const storedKey = optionalText(fields.get("private_key"), "an account's private_key");
  const isEncrypted = encryptedFlag(fields);
  const generator = parseAddressGenerator(fields.get("address_generator"));
  const modifiedOn = wholeNumberOf(
    fields.has("modified_on") ? fields.get("modified_on") : now,
    "an account's modified_on",
  );
  const certificates = objectOf(
    fields.has("certificates") ? fields.get("certificates") : new Map(),
    "an account's list of certificates",
  );
  const { id, masterKey } = accountKeys(fields);
  return {
    id,
    ledger: masterKey.network.ledger,
    name: name || `Account #${id}`,
    seed,
    isEncrypted,
    privateKey: !isEncrypted && masterKey.hasPrivateKey ? masterKey.privateText : storedKey,
    publicKey: masterKey.publicText,
    generator,
    modifiedOn,
    certificates,
    initVectors: {},
    source: fields,
  };
}

function encryptedFlag(fields: JsonObject): boolean {
  const flag = fields.get("encrypted") ?? false;
  if (typeof flag !== "boolean") throw wrongType("an account's encrypted", "true or false");
  return flag;
}

// Deriving keys from a seed takes 10 ms and wallets are loaded often. JSON objects never change, and this forgets with them.
const knownKeys = new WeakMap<JsonObject, AccountKeys>();

/** Also for the same account in another document, such as a wallet's merge base. By hash: no secret stays here after the last of them. */
const sharedKeys = new Map<string, WeakRef<AccountKeys>>();
const forgotten = new FinalizationRegistry<string>((hash) => {
  if (sharedKeys.get(hash)?.deref() === undefined) sharedKeys.delete(hash);
});

function accountKeys(fields: JsonObject): AccountKeys {
  const known = knownKeys.get(fields);
  if (known !== undefined) return known;
  const hash = keySourceHash(fields);
  const keys = sharedKeys.get(hash)?.deref() ?? deriveAccountKeys(fields);
  if (sharedKeys.get(hash)?.deref() === undefined) {
    sharedKeys.set(hash, new WeakRef(keys));
    forgotten.register(keys, hash);
  }
  knownKeys.set(fields, keys);
  return keys;
}

/** Of all that an account's keys come from. */
function keySourceHash(fields: JsonObject): string {
  const sources = ["ledger", "encrypted", "seed", "private_key", "public_key", "address_generator"];
  const text = canonicalText(sources.map((name) => fields.get(name) ?? null));
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The id alone, which needs fewer fields to be right. */
export function accountIdOf(value: JsonValue | undefined): string {
  return accountKeys(objectOf(value, "an account")).id;
}

/** The account as the SDK writes it, in the order that hashes depend on. */
export function formatAccount(account: Account): JsonObject {
  return new Map([...formatAccountForHash(account), ["certificates", account.certificates]]);
}

/** The account without its certificates. */
export function formatAccountForHash(account: Account): JsonObject {
  return new Map<string, JsonValue>([
    ["ledger", account.ledger],
    ["name", account.name],
    ["seed", account.seed],
    ["encrypted", account.isEncrypted],
    ["private_key", account.privateKey],
    ["public_key", account.publicKey],
    ["address_generator", formatAddressGenerator(account.generator)],
    ["modified_on", account.modifiedOn],
  ]);
}

/** What can be done with an account: all, spend without the phrase being known, or only watch. */
export function accountKind(account: Account): "seed" | "private-key" | "watch-only" {
  if (isTruthy(account.seed)) return "seed";
  return isTruthy(account.privateKey) ? "private-key" : "watch-only";
}
