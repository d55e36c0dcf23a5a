import type { HeldAccount } from "../device/held-device.ts";
import { settlePasswordChange } from "../account/settle-password-change.ts";
import type { HostFailure, SessionFailure } from "../outcomes.ts";
import type { DerivedSecrets } from "../protocol-3/derive.ts";
import type { Secret } from "../secret.ts";
import type { MergeRule } from "./merge-rule.ts";

/** An account with what it takes to talk about wallets: keys, a token, and the rule for merging. */
export type OnlineAccount = {
  readonly account: HeldAccount;
  readonly secrets: DerivedSecrets;
  readonly token: Secret;
  readonly merge: MergeRule;
};

export async function goOnline(
  account: HeldAccount,
  merge: MergeRule,
): Promise<
  { readonly type: "online"; readonly online: OnlineAccount } | SessionFailure | HostFailure
> {
  const settled = await settlePasswordChange(account);
  if (settled.type !== "settled") return settled;
  const { secrets, session } = account.profile;
  if (secrets === null) return { type: "password-needed" };
  if (session === null) return { type: "not-logged-in" };
  return { type: "online", online: { account, secrets, token: session.token, merge } };
}
