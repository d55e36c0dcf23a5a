import type { WalletId } from "@holdfast/crypto";
import type { HostFailure4, Locked, SessionEnded4 } from "../outcomes.ts";

export type HealOutcome =
  /** how many states and revisions the host got back */
  | { readonly type: "healed"; readonly states: number; readonly revisions: number }
  /** the host has a history of its own beyond the common part, so this would not heal it; null: of the credentials */
  | { readonly type: "forked"; readonly walletId: WalletId | null }
  /** this device does not have what the host lacks; another one may */
  | { readonly type: "not-here"; readonly walletId: WalletId | null }
  /** the host lost the password's record: healing takes a (new) password */
  | { readonly type: "password-needed" }
  /** the host knows this device under older credentials only: healing takes the password of that time */
  | { readonly type: "old-password-needed" }
  | { readonly type: "login-refused" }
  /** the account had a second factor then */
  | { readonly type: "mfa-required" | "mfa-refused" }
  | { readonly type: "refused"; readonly detail: string }
  | Locked
  | SessionEnded4
  | HostFailure4;

export const nothingLacks: HealOutcome = { type: "healed", states: 0, revisions: 0 };
