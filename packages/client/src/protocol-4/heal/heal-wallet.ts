/** The revisions that a restored host lacks: all headers from its own head on, and the newest body. */
import type { WalletId } from "@holdfast/crypto";
import { misbehaves } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import type { HealOutcome } from "./heal-outcome.ts";
import { lackingOf } from "./lacking-headers.ts";

export async function healWallet(
  account: HeldAccount,
  walletId: WalletId,
  signal: AbortSignal | undefined,
): Promise<HealOutcome> {
  const lacking = await lackingOf(account, walletId, signal);
  if (lacking.type !== "lacking") return lacking;
  const { api, token, record } = account;
  if (token === null) return { type: "session-ended" };
  const answered = await api.call("healWallet", {
    path: { walletId },
    body: lacking.healing,
    token,
    signal,
  });
  if (answered.type === "problem") {
    if (answered.code === "conflict") return { type: "forked", walletId };
    return { type: "refused", detail: answered.detail };
  }
  if (answered.type !== "answer") return answered;
  const { sequence, hash } = answered.value;
  const memory = record.wallets[walletId];
  if (sequence !== memory?.sequence || hash !== memory.hash)
    return misbehaves("false-receipt", "it says it stored another revision than the one sent");
  return { type: "healed", states: 0, revisions: lacking.healing.headers.length };
}
