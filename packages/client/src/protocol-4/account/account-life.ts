/** The account itself: where it stands on the host, its address, its end (P4K-37). */
import { type AccountAnswer, isSameAccountId } from "@holdfast/protocol/protocol-4";
import { callSigned } from "../api/signed-call.ts";
import { type HostFailure4, type Locked, misbehaves, type SessionEnded4 } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { refused, signedCallOf } from "./sessions.ts";

type Failure = Locked | SessionEnded4 | HostFailure4;

/** What the host says of the account, held against what this device has verified itself. */
export async function showAccount(
  held: HeldAccount,
  signal?: AbortSignal,
): Promise<
  { readonly type: "shown"; readonly account: AccountAnswer } | SessionEnded4 | HostFailure4
> {
  const { api, token, record, newest } = held;
  if (token === null) return { type: "session-ended" };
  const answered = await api.call("getAccount", { token, signal });
  if (answered.type !== "answer") return answered;
  const account = answered.value;
  if (account.identity !== record.identity)
    return misbehaves("wrong-account", "it shows the account under another identity");
  if (account.epoch < newest.epoch)
    return misbehaves(
      "rollback",
      `it shows credentials of epoch ${account.epoch}; this device has seen ${newest.epoch}`,
    );
  for (const { walletId, sequence = 0, hash } of account.wallets) {
    const seen = record.wallets[walletId];
    if (seen !== undefined && sequence < seen.sequence)
      return misbehaves(
        "rollback",
        `it shows revision ${sequence}; this device has seen ${seen.sequence}`,
      );
    if (seen !== undefined && sequence === seen.sequence && hash !== seen.hash)
      return misbehaves("fork", `in the place of revision ${sequence} it shows another one`);
  }
  // Another device may have changed the address.
  if (account.id !== record.id) await held.save({ id: account.id });
  return { type: "shown", account };
}

export type ChangeIdOutcome =
  | { readonly type: "changed"; readonly id: string }
  /** a code was mailed to the new address: `confirmId` */
  | { readonly type: "code-mailed"; readonly changeId: string; readonly expiresAt: number }
  | { readonly type: "id-taken" | "not-invited" | "mail-failed" }
  | Failure;

export async function changeId(
  account: HeldAccount,
  id: string,
  signal?: AbortSignal,
): Promise<ChangeIdOutcome> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const answered = await callSigned(
    account.api,
    "changeId",
    { body: { id }, token, signal },
    signer,
  );
  if (answered.type === "answer") {
    const { value } = answered;
    if (value.type === "mailed") {
      const { changeId, expiresAt } = value;
      return { type: "code-mailed", changeId, expiresAt };
    }
    if (!isSameAccountId(value.id, id))
      return misbehaves("false-receipt", "it confirms another address than the one it was given");
    await account.save({ id: value.id });
    return { type: "changed", id: value.id };
  }
  if (answered.type !== "problem") return answered;
  switch (answered.code) {
    case "id-taken":
    case "not-invited":
    case "mail-failed":
      return { type: answered.code };
    case "signature-required":
    case "signature-refused":
      return refused({ code: answered.code, detail: answered.detail });
  }
}

export async function confirmId(
  account: HeldAccount,
  input: { readonly changeId: string; readonly code: string },
  signal?: AbortSignal,
): Promise<
  | { readonly type: "changed"; readonly id: string }
  | { readonly type: "code-refused" | "id-taken" }
  | SessionEnded4
  | HostFailure4
> {
  const { api, token } = account;
  if (token === null) return { type: "session-ended" };
  const answered = await api.call("verifyId", { body: input, token, signal });
  if (answered.type === "problem") return { type: answered.code };
  if (answered.type !== "answer") return answered;
  await account.save({ id: answered.value.id });
  return { type: "changed", id: answered.value.id };
}

/** Deletes the account on the host. What is on this device stays until the caller removes it. */
export async function deleteAccount(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<{ readonly type: "deleted" } | Failure> {
  const call = signedCallOf(account);
  if (call.type !== "ready") return call;
  const { token, signer } = call;
  const answered = await callSigned(account.api, "deleteAccount", { token, signal }, signer);
  if (answered.type === "answer") {
    await account.save({ session: null, refusal: "account-deleted" });
    return { type: "deleted" };
  }
  return answered.type === "problem" ? refused(answered) : answered;
}
