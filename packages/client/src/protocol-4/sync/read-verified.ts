/** A wallet's newest revision, verified from what the account remembers of it, without looking into any wallet format. */
import type { VerifiedHeader, WalletId } from "@holdfast/crypto";
import type { Revision } from "@holdfast/protocol/protocol-4";
import { type HostFailure4, type Locked, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { fetchWallet } from "./fetch-wallet.ts";
import { rememberWallet } from "./remember-wallet.ts";
import { verifyWallet } from "./verify-wallet.ts";

export type ReadVerifiedOutcome =
  | { readonly type: "verified"; readonly newest: VerifiedHeader; readonly revision: Revision }
  | { readonly type: "empty" }
  | Locked
  | SessionEnded4
  | HostFailure4;

export async function readVerified(
  account: HeldAccount,
  walletId: WalletId,
  signal?: AbortSignal,
): Promise<ReadVerifiedOutcome> {
  const { unlocked, record } = account;
  if (unlocked === null) return { type: "locked" };
  const since = record.wallets[walletId] ?? { sequence: 0, hash: "" };
  const shown = await fetchWallet(account, walletId, since, signal);
  if (shown.type === "unknown-wallet" || (shown.type === "empty" && since.sequence > 0))
    return misbehaves(
      "rollback",
      `it shows no wallet; this device knows of revision ${since.sequence}`,
    );
  if (shown.type !== "shown") return shown;
  const verified = verifyWallet(account, unlocked, walletId, since, shown.chain);
  if (verified.type !== "verified") return verified;
  const { newest, fresh } = verified;
  const { encryptedWallet } = shown.revision;
  if (fresh.length > 0)
    await rememberWallet(account, walletId, {
      newest,
      fresh,
      encryptedWallet,
      upgradedFrom: undefined,
    });
  return { type: "verified", newest, revision: shown.revision };
}
