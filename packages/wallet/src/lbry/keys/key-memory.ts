/**
 * Remembers slow derivations for as long as its owner keeps it. What it is asked for is kept as a hash
 * and, of account ids, nothing secret at all.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { JsonObject } from "../../json/value.ts";
import { deriveAccountId } from "./account-keys.ts";

const identifyingFields = ["ledger", "encrypted", "seed", "private_key", "public_key"];

/** Gives the id of an account object; throws as `deriveAccountId` does. */
export type AccountIdSource = (account: JsonObject) => string;

/** A `deriveAccountId` that remembers up to `maximumAccounts` ids (no secrets) under hashed keys. */
export function createAccountIdMemory(maximumAccounts = 10_000): AccountIdSource {
  const ids = new Map<string, string>();
  return (account) => {
    const key = fingerprint(account);
    const known = key === undefined ? undefined : ids.get(key);
    if (known !== undefined) return known;
    const id = deriveAccountId(account);
    if (key !== undefined) {
      const oldest = ids.keys().next();
      if (ids.size >= maximumAccounts && !oldest.done) ids.delete(oldest.value);
      ids.set(key, id);
    }
    return id;
  };
}

/** Undefined where a field is neither a text nor a flag nor absent: such an account is never remembered. */
function fingerprint(account: JsonObject): string | undefined {
  const values = identifyingFields.map((name) => account.get(name) ?? null);
  if (!values.every((value) => value === null || ["string", "boolean"].includes(typeof value))) {
    return undefined;
  }
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(values))));
}
