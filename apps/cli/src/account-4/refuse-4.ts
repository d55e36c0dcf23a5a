/** What an operation on an account of protocol 4 came to, where that is no success, in a sentence or two. */
import { type CredentialsRefused, stopOf } from "@holdfast/client";
import type {
  ChangeOutcome4,
  CreateWalletOutcome,
  HandOverOutcome,
  LogInOutcome,
  NotChanged,
  OldRevisionOutcome,
  PairingAnswer,
  PhraseLogInOutcome,
  ReadInvitationOutcome,
  RegisterOutcome4,
  RenewOutcome,
  StartMfaOutcome,
  UpgradeOutcome,
} from "@holdfast/client/protocol-4";
import type { CommandResult } from "../command-result.ts";
import { refused } from "../command-result.ts";
import { refuseOutcome } from "../refuse-outcome.ts";

type Successes =
  | "registered"
  | "code-mailed"
  | "logged-in"
  | "changed"
  | "created"
  | "handed-over"
  | "opened"
  | "offered"
  | "invitation"
  | "started"
  | "renewed"
  | "upgraded";

/** Said by the client already, in words that fit. */
type Shared =
  | "credentials-refused"
  | "unreachable"
  | "host-misbehaves"
  | "host-failed"
  | "host-refused"
  | "rate-limited"
  | "storage-full";

type AnyOutcome =
  | RegisterOutcome4
  | LogInOutcome
  | PhraseLogInOutcome
  | ChangeOutcome4
  | CreateWalletOutcome
  | HandOverOutcome
  | OldRevisionOutcome<unknown>
  | PairingAnswer
  | ReadInvitationOutcome
  | StartMfaOutcome
  | RenewOutcome
  | UpgradeOutcome
  | CredentialsRefused
  | { readonly type: "code-refused" | "mfa-off" | "unknown-session" | "pairing-taken" }
  | { readonly type: "mfa-refused" | "mfa-on" | "start-again" }
  | { readonly type: "unusable-passcode" | "wrong-passcode" | "no-passcode" | "wrong-phrase" };

export type Failure4 = Exclude<AnyOutcome, { readonly type: Successes }>;
type Own = Exclude<Failure4, { readonly type: Shared }>;

const reasons: Readonly<Record<NotChanged, string>> = {
  "start-again": "it took too long",
  overtaken: "another device changed the account at the same moment",
  "head-moved": "another device kept pushing meanwhile",
  refused: "the host does not take it",
};

const sentences: {
  readonly [Type in Own["type"]]: (failure: Extract<Own, { readonly type: Type }>) => string;
} = {
  locked: () =>
    "The account is locked on this device, so nothing was done. `holdfast login` opens it with the password, `holdfast recovery use` with the 24 words.",
  "session-ended": () =>
    "The host no longer knows this device's session. Your wallet and your changes are kept. `holdfast login` begins a new one.",
  "credentials-changed": () =>
    "Another device changed the password or the keys, so this one forgot its keys. Your wallet and your changes are kept. `holdfast login` opens the account with the new password.",
  "unsupported-version": () =>
    "The account asks for a newer version of Holdfast. Your wallet on this device is unchanged. Update Holdfast on this device.",
  "login-refused": () =>
    "The host does not let this password into this account. Nothing was changed. Check the address and the password.",
  "mfa-required": () =>
    "The account has a second factor. Give its code: HOLDFAST_MFA_CODE or --mfa-code-file FILE.",
  "mfa-refused": () =>
    "This code of the second factor is wrong or was used already. Wait for the next one, then try again.",
  "not-changed": ({ reason }) =>
    `Nothing was changed, because ${reasons[reason]}. Run the command again.`,
  unsettled: () =>
    "The host's answer did not arrive, so it is not known yet whether it was done. Nothing is lost: run the command again, it finds out.",
  "not-invited": () =>
    "The host does not let this address register. Nothing was made. Ask its operator.",
  "id-taken": () =>
    "The host has an account of this address already. Nothing was made. `holdfast login` uses it if it is yours.",
  "mail-failed": () =>
    "The host could not send its mail. Nothing is lost: `holdfast register` goes on from here.",
  "not-registered": () =>
    "The host did not take the registration, or it took too long. Nothing was made. Register again.",
  "code-refused": () => "This code is wrong, was used or is too old. Try again.",
  "name-taken": () => "The account has a wallet of this name already. Nothing was changed.",
  "malformed-name": () =>
    "This is no name for a wallet: use plain text of up to 64 characters. Nothing was changed.",
  "wrong-proof": () =>
    "This is not the password or passcode of the account, so nothing was handed over.",
  "pairing-over": () =>
    "The new device's invitation ran out or was answered already. Nothing was handed over. Run `holdfast pair show` there again.",
  "pairing-taken": () => "The host knows this pairing already. Run the command again.",
  "malformed-invitation": () =>
    "This is not a line that `holdfast pair show` made, or a part of it is missing. Nothing was handed over.",
  "other-host": ({ host }) =>
    `The new device talks to another host than this one: ${host}. Nothing was handed over.`,
  "not-authentic": () =>
    "What came through the host was not made for this device's invitation: the host or somebody else tampered with it. Nothing was taken. Run the command again.",
  expired: () => "Nobody answered within five minutes. Run the command again.",
  "no-revision": () => "There is no such revision. `holdfast history list` shows those there are.",
  "body-gone": () =>
    "The host keeps only the header of this revision; its text is gone. Nothing was changed.",
  undecodable: () =>
    "This revision holds something that this version of Holdfast cannot read. Nothing was changed.",
  "start-again": () => "It took too long, so nothing was changed. Run the command again.",
  "mfa-on": () => "The second factor is on already. `holdfast mfa disable` turns it off.",
  "mfa-off": () => "The second factor is not on. Nothing was changed.",
  "unknown-session": () =>
    "There is no such device. `holdfast devices list` shows those there are.",
  "unusable-passcode": () =>
    "A passcode is a text of 1 to 1,024 characters, and this is none. Nothing was changed.",
  "wrong-passcode": () => "This is not the passcode of this device. Nothing was changed.",
  "no-passcode": () => "This device has no passcode.",
  "wrong-phrase": () => "These are not this account's recovery words. Nothing was changed.",
  "unknown-recovery": () =>
    "No account on this host is opened by these words. Check each word and the host's address.",
  "too-large": () => "The wallet is too large for this host. Nothing is lost.",
  "base-conflict": () =>
    "Another device changed the wallet at the same moment. Nothing was changed. Run `holdfast upgrade` again.",
  "not-upgraded": ({ detail }) =>
    `The account was not upgraded and works as before (${detail.replace(/[.\s]+$/u, "")}).`,
};

/** `advice`: what else to do about it, in a sentence of its own. */
export function refuse4(failure: Failure4, advice?: string): CommandResult {
  const said = isShared(failure)
    ? refuseOutcome(failure.type === "credentials-refused" ? failure : stopOf(failure))
    : refused(failure.type, sentenceOf(failure));
  if (said.type !== "refused" || advice === undefined) return said;
  return { ...said, message: `${said.message} ${advice}` };
}

function sentenceOf(failure: Own): string {
  return (sentences[failure.type] as (failure: Own) => string)(failure);
}

const shared: ReadonlySet<string> = new Set<Shared>([
  "credentials-refused",
  "unreachable",
  "host-misbehaves",
  "host-failed",
  "host-refused",
  "rate-limited",
  "storage-full",
]);

function isShared(failure: Failure4): failure is Extract<Failure4, { readonly type: Shared }> {
  return shared.has(failure.type);
}
