import type { UpgradeUnsettled } from "../outcomes.ts";
import { parseAccountRecord } from "../protocol-4/record/account-record.ts";
import type { StoreSession } from "./device-ports.ts";

/**
 * An upgrade was sent and its fate is not known: the account may be one of protocol 4 already. A password that is typed now may be
 * its new one, which protocol 3 must not get to see in any form (P4K-68). null: there is none.
 */
export async function unsettledUpgrade(
  session: Pick<StoreSession, "readPart">,
): Promise<UpgradeUnsettled | null> {
  const text = await session.readPart("account");
  const read = text === null ? null : parseAccountRecord(text);
  const isUnsettled = read?.type === "account" && read.record.pending?.type === "upgrade";
  return isUnsettled ? { type: "upgrade-unsettled" } : null;
}
