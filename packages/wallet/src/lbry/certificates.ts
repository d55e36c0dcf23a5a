/** The tidying the daemon does to the certificates of accounts that a sync touched (LBRY-29). */
import type { JsonObject, JsonValue } from "../json/value.ts";
import type { Account } from "./account.ts";
import { channelKeyId } from "./channel-key-pem.ts";
import { networkOfLedger } from "./keys/index.ts";

/** The account with its certificates under the ids their keys have; what is no PEM is dropped. Throws `malformed-key`. */
export function rekeyCertificates(account: Account): Account {
  const network = networkOfLedger(account.ledger);
  const certificates = new Map<string, JsonValue>();
  for (const pem of account.certificates.values()) {
    if (typeof pem !== "string" || !pem.startsWith("-----BEGIN")) continue;
    certificates.set(channelKeyId(pem, network), pem);
  }
  return isSame(certificates, account.certificates) ? account : { ...account, certificates };
}

/** Equal whatever the order, which then stays as it was. */
function isSame(certificates: JsonObject, others: JsonObject): boolean {
  if (certificates.size !== others.size) return false;
  return [...certificates].every(([id, pem]) => others.get(id) === pem);
}
