/**
 * Which accounts of several wallets are the same (MERGE-60), without the slow derivation of ids from seeds: equal seeds, private
 * keys or public keys are equal ids. Only where accounts claim the same public key but hold it in different ways are ids derived,
 * because a stored public key can be wrong beside a seed.
 */
import type { JsonObject, JsonValue } from "../../json/value.ts";
import { canonicalText, shortHash } from "../../merge/canonical-text.ts";
import { pickFields } from "../../merge/object-fields.ts";
import { accountIdOf } from "../account.ts";
import { isObject } from "../fields.ts";
import { keySourceOf } from "../keys/account-keys.ts";
import { extendedKeyMaterial } from "../keys/extended-key.ts";
import { normalizeSeedPhrase } from "../keys/seed-normalization.ts";
import { WalletError } from "../wallet-error.ts";

/** The fields that an account's keys come from; they only make sense together. */
export const keyFields = ["seed", "private_key", "public_key", "encrypted"];

export type AccountMatcher = (account: JsonValue) => string;

interface Traits {
  /** What the account's id is made of. */
  readonly own: string;
  /** The public key it says it has. */
  readonly claim: string | undefined;
}

/** More holders of one claimed key than this are not looked into, so that no wallet makes merging slow. */
const mostHolders = 3;

/** Gives the same text for accounts of `wallets` that are the same; never throws. */
export function createAccountMatcher(wallets: readonly (readonly JsonValue[])[]): AccountMatcher {
  const traits = new Map<JsonValue, Traits>();
  const holders = new Map<string, Map<string, JsonValue>>();
  for (const account of wallets.flat()) {
    if (traits.has(account)) continue;
    const { own, claim } = traitsOf(account);
    traits.set(account, { own, claim });
    if (claim === undefined) continue;
    const known = holders.get(claim) ?? new Map<string, JsonValue>();
    holders.set(claim, known.set(own, account));
  }
  const aliases = findAliases(holders);
  return (account) => {
    const { own } = traits.get(account) ?? traitsOf(account);
    return aliases.get(own) ?? own;
  };
}

/** Own texts by the public key that stands for them too. */
function findAliases(
  holders: ReadonlyMap<string, ReadonlyMap<string, JsonValue>>,
): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const [claim, accounts] of holders) {
    if (accounts.size < 2 || accounts.size > mostHolders) continue;
    for (const [own, account] of accounts) {
      if (isObject(account) && idOf(account) === idOf(watchOnly(account))) aliases.set(own, claim);
    }
  }
  return aliases;
}

function watchOnly(account: JsonObject): JsonObject {
  return pickFields(account, ["ledger", "public_key"]);
}

function traitsOf(account: JsonValue): Traits {
  if (!isObject(account)) return { own: `other ${canonicalText(account)}`, claim: undefined };
  const source = attempt(() => keySourceOf(account));
  const own = source === undefined ? undefined : attempt(() => ownTextOf(source));
  if (source === undefined || own === undefined) {
    const fields = canonicalText(pickFields(account, ["ledger", ...keyFields]));
    return { own: `unreadable ${fields}`, claim: undefined };
  }
  const { network } = source;
  const stored = account.get("public_key");
  const claim =
    typeof stored === "string"
      ? attempt(() => ownTextOf({ type: "public", text: stored, network }))
      : undefined;
  return { own, claim };
}

function ownTextOf({ type, text, network }: ReturnType<typeof keySourceOf>): string {
  const key = type === "seed" ? normalizeSeedPhrase(text) : publicKeyHex(text);
  return `${type} ${network.addressPrefix} ${key}`;
}

/** Undefined where keys cannot be read. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WalletError) return undefined;
    throw error;
  }
}

/** The key without its chain code: the id is made of nothing else. */
function publicKeyHex(text: string): string {
  return extendedKeyMaterial(text).slice(64);
}

function idOf(account: JsonObject): string | undefined {
  return attempt(() => accountIdOf(account));
}

/** How people and paths know an account: its id, or a made-up name for one without readable keys. */
export function accountName(account: JsonValue): string {
  const id = isObject(account) ? idOf(account) : undefined;
  return id ?? `unreadable-${shortHash(account)}`;
}
