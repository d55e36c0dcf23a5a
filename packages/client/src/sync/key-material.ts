/** Which seeds and keys a wallet holds: what may never be lost by taking another wallet in its place (P3C-31). */
import type { JsonValue, WalletDocument } from "@holdfast/wallet/lbry";

/** Whether every seed, private key and channel key of `mine` is in `theirs` as well. */
export function holdsEveryKey(theirs: WalletDocument, mine: WalletDocument): boolean {
  const held = keyMaterial(theirs);
  return [...keyMaterial(mine)].every((key) => held.has(key));
}

function keyMaterial(wallet: WalletDocument): ReadonlySet<string> {
  const keys = new Set<string>();
  const add = (value: JsonValue | undefined): void => {
    if (typeof value === "string" && value !== "") keys.add(value);
  };
  for (const account of listOf(wallet.get("accounts"))) {
    if (!(account instanceof Map)) continue;
    const fields: ReadonlyMap<string, JsonValue> = account;
    add(fields.get("seed"));
    add(fields.get("private_key"));
    const certificates = fields.get("certificates");
    if (!(certificates instanceof Map)) continue;
    for (const pem of certificates.values() as Iterable<JsonValue>) add(pem);
  }
  return keys;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : [];
}
