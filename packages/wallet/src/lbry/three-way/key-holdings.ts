/** The key material in an account, as it is retired when the account or a part of it disappears (MERGE-30, MERGE-31). */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import { canonicalText } from "../../merge/canonical-text.ts";
import type { KeyHolding, Retirable } from "../../merge/retired-set.ts";
import type { RetiredKey } from "../../merge/wallet-format.ts";
import { isObject, isTruthy } from "../fields.ts";
import { extendedKeyMaterial } from "../keys/extended-key.ts";
import { WalletError } from "../wallet-error.ts";
import { accountName } from "./account-matching.ts";

// Accounts never change, and what is remembered goes with them.
const known = new WeakMap<JsonObject, KeyHolding>();

/** What one account holds. */
export function holdingOf(account: JsonValue): KeyHolding {
  if (!isObject(account)) return otherHolding(account);
  const remembered = known.get(account);
  if (remembered !== undefined) return remembered;
  const holding = accountHolding(account);
  known.set(account, holding);
  return holding;
}

/** The parts of a retired key, as they would be in a document. */
export function partsOfRetired({ kind, value, path }: RetiredKey): readonly string[] {
  switch (kind) {
    case "account":
      return holdingOf(value).whole.parts;
    case "seed":
      return [seedPart(value)];
    case "private-key":
      return [privatePart(value)];
    case "channel-key":
      return [channelPart(path.at(-1) ?? "", value)];
  }
}

function accountHolding(account: JsonObject): KeyHolding {
  const pieces: Retirable[] = [];
  const add = (
    kind: RetiredKey["kind"],
    names: readonly string[],
    value: JsonValue,
    part: string,
  ) => {
    const path = () => ["accounts", accountName(account), ...names];
    pieces.push({ kind, path, value, parts: [part] });
  };
  const seed = account.get("seed");
  if (seed !== undefined && isTruthy(seed)) add("seed", ["seed"], seed, seedPart(seed));
  const key = account.get("private_key");
  if (key !== undefined && isTruthy(key))
    add("private-key", ["private_key"], key, privatePart(key));
  const certificates = account.get("certificates");
  for (const [id, pem] of isObject(certificates) ? certificates : []) {
    add("channel-key", ["certificates", id], pem, channelPart(id, pem));
  }
  const marker = markerOf(account);
  const parts = [marker, ...pieces.flatMap((piece) => piece.parts)];
  const path = () => ["accounts", accountName(account)];
  return { marker, whole: { kind: "account", path, value: account, parts }, pieces };
}

/** Something in the list of accounts that is no account. */
function otherHolding(value: JsonValue): KeyHolding {
  const marker = `other ${canonicalText(value)}`;
  const path = () => ["accounts", accountName(value)];
  return { marker, whole: { kind: "account", path, value, parts: [marker] }, pieces: [] };
}

function markerOf(account: JsonObject): string {
  const publicKey = account.get("public_key");
  const ledger = canonicalText(account.get("ledger"));
  if (publicKey !== undefined && isTruthy(publicKey)) {
    return `public ${ledger} ${keyText(publicKey)}`;
  }
  return `secret ${ledger} ${canonicalText([account.get("seed") ?? "", account.get("private_key") ?? ""])}`;
}

function seedPart(seed: JsonValue): string {
  return `seed ${canonicalText(seed)}`;
}

function privatePart(key: JsonValue): string {
  return `private ${keyText(key)}`;
}

function channelPart(id: string, pem: JsonValue): string {
  return `channel ${canonicalText([id, pem])}`;
}

/** The SDK drops the parent's fingerprint when it rewrites a key, which is no loss of key material. */
function keyText(key: JsonValue): string {
  if (typeof key !== "string") return canonicalText(key);
  try {
    return extendedKeyMaterial(key);
  } catch (error) {
    if (error instanceof WalletError) return key;
    throw error;
  }
}
