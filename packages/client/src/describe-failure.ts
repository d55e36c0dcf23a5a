/**
 * Failures in words: what happened, what it means for the wallet, what to do next. One table, so that every client
 * says the same. The type makes it complete for whatever an operation can come to.
 */
import type { Device } from "./device/device.ts";
import type { DaemonFailure, OpenDaemonOutcome } from "./lbrynet/daemon-types.ts";
import type {
  CredentialsRefused,
  HealingNeeds,
  HostFault,
  HostMisbehaves,
  LocalWalletUnusable,
  Unreachable,
} from "./outcomes.ts";
import { isUpgraded } from "./protocol-3/is-upgraded.ts";

type Successes =
  | "registered"
  | "updated"
  | "logged-in"
  | "logged-out"
  | "status"
  | "pushed"
  | "pulled"
  | "up-to-date"
  | "no-remote-wallet"
  | "synced"
  | "looked"
  | "no-host-problem"
  | "password-changed"
  | "stopped"
  | "preference"
  | "preferences"
  | "saved"
  | "conflicts"
  | "resolved"
  | "imported"
  | "exported"
  | "taken-over"
  | "nothing-left"
  | "daemon-synced"
  | "opened";

type AnyOutcome =
  | Awaited<ReturnType<Device[Exclude<keyof Device, "protocol4">]>>
  | DaemonFailure
  | OpenDaemonOutcome;
type Failure =
  | Exclude<AnyOutcome, { readonly type: Successes | "needs-person" }>
  | { readonly type: "correcting-each-other"; readonly rounds: number };

type Sentences = {
  readonly [Type in Failure["type"]]: (
    failure: Extract<Failure, { readonly type: Type }>,
  ) => string;
};

const unchanged = "Your wallet on this device is unchanged.";

const faults: Readonly<Record<HostFault, string>> = {
  "malformed-answer": "the server's answer makes no sense",
  "answer-too-large": "the server's answer is far too large",
  redirect: "the server sends its callers elsewhere",
  "accepted-something-else": "the server says it stored another wallet than the one sent",
  "wrong-hmac": "the wallet on the server was not made with this password",
  rollback: "the server shows an older wallet than this device has already seen",
  "same-sequence-other-content":
    "the server shows two different wallets under the same revision number",
  "broken-chain": "the server cannot show how its wallet came from the one this device has seen",
  "old-keys": "the server shows a wallet under keys that were replaced",
  fork: "the server shows another history than the one this device has seen",
  "missing-link": "the server cannot show how its history came from what this device has seen",
  forged: "what the server shows was not made by this account",
  unlawful: "the server shows a change of the account that nobody may make",
  "wrong-account": "the server shows another account",
  "wrong-host": "what the server shows was made for another server",
  "wrong-slot": "the server shows a key that the account does not name",
  "wrong-keyring": "the server shows keys that the account does not name",
  "false-receipt": "the server says it stored something else than what was sent",
  undecodable: "the wallet on the server cannot be read",
};

const faultAdvice: Readonly<Record<HostFault, string>> = {
  "malformed-answer": "Check that the address is that of a wallet sync server.",
  "answer-too-large": "Check that the address is that of a wallet sync server.",
  redirect: "Use the address it points to, if you trust it.",
  "accepted-something-else": "Do not trust this server until its operator has explained it.",
  "wrong-hmac":
    "If the password was changed on another device, set it here as well (set-local-password). If not, the server or somebody with your token replaced the wallet.",
  rollback:
    "If the server was restored from a backup, its operator can tell, and `sync --heal` brings it up to date. Keep this device: it has the newer wallet.",
  "same-sequence-other-content":
    "If the server was restored from a backup, its operator can tell, and `sync --heal` brings both together. Keep this device: its wallet is safe.",
  "broken-chain": "Keep this device: its wallet is safe. Ask the server's operator.",
  "old-keys": "Keep this device: its wallet is safe. Ask the server's operator.",
  fork: "If the server was restored from a backup, its operator can tell, and `sync --heal` brings both together. Keep this device: its wallet is safe.",
  "missing-link": "Keep this device: its wallet is safe. Ask the server's operator.",
  forged: "Do not trust this server until its operator has explained it.",
  unlawful: "Do not trust this server until its operator has explained it.",
  "wrong-account": "Do not trust this server until its operator has explained it.",
  "wrong-host": "Check the address. Do not trust this server until its operator has explained it.",
  "wrong-slot": "Do not trust this server until its operator has explained it.",
  "wrong-keyring": "Do not trust this server until its operator has explained it.",
  "false-receipt": "Do not trust this server until its operator has explained it.",
  undecodable: "A newer or a faulty app may have stored it. Keep this device: its wallet is safe.",
};

const walletAdvice: Readonly<Record<LocalWalletUnusable["reason"], string>> = {
  missing: "Check the path, or whether its disk is connected.",
  malformed: "Nothing was written to it. Restore it from a copy, or give another file.",
  "newer-version": "Nothing was written to it. Update Holdfast on this device.",
  locked: "Decrypt it in the app it belongs to, or set the same password there.",
  "another-account":
    "Nothing of it was changed or sent. To keep the two apart, use another profile folder for this account; to merge it into this account, log in with --merge-local.",
  "changed-meanwhile": "Its content was kept. Close the other program, then try again.",
};

function passwordRefused(detail: string): string {
  return `The server does not accept this address and password${inBrackets(detail)}. Nothing was changed. Check both and log in again. If the password was changed on another device, set it here as well (set-local-password), then log in.`;
}

const keysGone: Readonly<Record<NonNullable<CredentialsRefused["keys"]>, string>> = {
  forgotten:
    "Another device changed the password or the keys, so this one forgot its own. Your wallet and your changes are kept. Log in with the new password.",
  refused:
    "The server does not take this device's keys: another device replaced them or deleted the account, or the server came back from an older backup. Your wallet and your changes are kept. Log in with the new password; after a restored backup, `sync --heal`.",
  deleted:
    "The account was deleted from this device, so the server has nothing of it any more. Your wallet stays on this device: `holdfast wallet export FILE` writes it out.",
};

const upgraded =
  "Another device made this account one of protocol 4. Your wallet on this device and your changes are kept. `holdfast login --protocol 4` goes on, with the account's new password.";

const healingNeeds: Readonly<Record<HealingNeeds["what"], string>> = {
  "old-password":
    "The server came back from a backup that is older than the account's keys, and lets in only who knows the password of that time. Healing takes that password, and the one for from now on.",
  password:
    "The server came back from a backup that is older than the account's password, and lost its record. Healing takes a password for from now on; it may be the one in use.",
  "mfa-code":
    "The server came back from a backup in which the account has a second factor. Healing takes a code of it.",
};

const healingRefused: Readonly<Record<HealingNeeds["what"], string>> = {
  "old-password":
    "The server does not take this as the password that the account had when the backup was made.",
  password: "The server does not take this password.",
  "mfa-code": "The server does not take this code of the second factor, or it was used already.",
};

const unreachableAdvice: Readonly<Record<Unreachable["reason"], string>> = {
  network: "Check the address and your connection, then try again.",
  timeout: "Try again; what may have arrived is recognised.",
  stopped: "Run it again to finish; what may have arrived is recognised.",
};

const sentences: Sentences = {
  "no-profile": () =>
    "This profile has no account yet. Register, or log in with an address and password.",
  "other-protocol": ({ protocol }) =>
    protocol === 4
      ? "This profile's account is one of protocol 4, and this command is about accounts of protocol 3."
      : "This profile's account is one of protocol 3, and this command is about accounts of protocol 4: `holdfast upgrade` makes it one.",
  "profile-in-use": () =>
    "Another program is using this profile and did not finish in time. Wait for it or close it, then try again.",
  "profile-damaged": ({ location, detail }) =>
    `The profile ${location} cannot be read: ${detail}. It was left as it is. Log in with another profile folder; the wallet on the server is not affected.`,
  "profile-exists": ({ email, server }) =>
    `This profile already belongs to ${email} on ${server}. Use another profile folder for another account.`,
  "local-wallet-unusable": ({ location, reason, detail }) =>
    `The wallet ${location} cannot be used: ${endless(detail)}. ${walletAdvice[reason]}`,
  "wallet-already-linked": ({ location }) =>
    `This profile already syncs ${location}. Use another profile folder for another wallet.`,
  "wallet-file-linked": ({ location }) =>
    `This profile syncs the wallet file ${location}, and a running daemon would overwrite it. Use another profile folder for the daemon.`,
  "wallet-refused": ({ detail }) => `The wallet was not imported: ${endless(detail)}. ${unchanged}`,
  "server-refused": ({ reason, detail }) =>
    `The server's address was refused: ${detail}. ${reason === "plain-http" ? "Use https://, or allow plain http if the network is your own." : "Give it like https://wallet.example.com."}`,
  unreachable: ({ reason, detail }) =>
    `The server could not be reached: ${detail}. ${unchanged} ${unreachableAdvice[reason]}`,
  "host-failed": ({ status, detail }) =>
    `The server failed (${named(status, detail)}). ${unchanged} Try again later.`,
  "host-refused": ({ type, status, detail }) =>
    isUpgraded({ type, detail })
      ? upgraded
      : `The server refused (${named(status, detail)}). ${unchanged} ${status === 400 ? "Correct what it names, then try again." : "Check that its address is right."}`,
  "host-misbehaves": ({ fault, detail }: HostMisbehaves) =>
    `Stopped because ${faults[fault]}: ${endless(detail)}. ${unchanged} ${faultAdvice[fault]}`,
  "protocol-4-account": () =>
    "This account was used with protocol 4 from here, so protocol 3 is never used for it again, whatever the server says: what it sends tells more of a password. Nothing was sent. `holdfast login --protocol 4` goes on, with the password it has there.",
  "upgrade-unsettled": () =>
    "This account may have been upgraded to protocol 4 already: the server's answer did not arrive. Until that is known, no password is taken for protocol 3. Nothing was sent. `holdfast upgrade` finds out and goes on.",
  "rate-limited": ({ retryAfterSeconds }) =>
    `The server asks to slow down. ${unchanged} Try again ${retryAfterSeconds === null ? "in a few minutes" : `in ${retryAfterSeconds} seconds`}.`,
  "address-taken": () =>
    "An account with this address exists already. Log in if it is yours; nothing was changed.",
  "not-allowed": ({ detail }) =>
    `The server does not let this address register${inBrackets(detail)}. Ask its operator.`,
  "unknown-account": () =>
    "The server knows no account with this address. Check its spelling, or register.",
  "unsupported-version": () =>
    "The account asks for a newer version of Holdfast. Your wallet on this device is unchanged. Update Holdfast on this device.",
  "mfa-needed": () =>
    "The server asks for a code of your second factor before it lets this device in again. Your changes are kept. Log in.",
  "not-verified": () =>
    "The account's address is not confirmed yet. Open the link in the mail from the server, then log in.",
  "credentials-refused": ({ detail, keys }) =>
    keys === undefined ? passwordRefused(detail) : keysGone[keys],
  "password-needed": () =>
    "The account is not open on this device. Your wallet and your changes are kept. Log in with its password.",
  "passcode-needed": () =>
    "The keys on this device are under its passcode, which was not given. Nothing was changed.",
  "wrong-passcode": () =>
    "This is not the passcode of this device. Nothing was changed. If it is forgotten, the recovery words open the account here and set a new one.",
  "healing-needs": ({ what, wasRefused }) =>
    `${wasRefused ? healingRefused[what] : healingNeeds[what]} Nothing was changed.`,
  "not-logged-in": () =>
    "This device is not logged in. Log in, then try again; your changes are kept.",
  "session-ended": ({ detail }) =>
    `The server no longer knows this device's session${inBrackets(detail)}: it expired, or the password was changed. Your changes are kept. Log in again.`,
  "out-of-date": () =>
    "Submitted wallet is out of date: another device pushed a newer one. Nothing was changed. Pull, then push again.",
  "local-changes": () => "Local changes found. Update remote wallet before changing password.",
  "same-password": () => "The new password is the one you have. Nothing was changed.",
  "wallet-too-large": ({ bytes }) =>
    `The wallet is too large for this server (${bytes} bytes packed). Your changes are kept on this device and will be pushed when it is smaller.`,
  "storage-full": ({ maxBytes }) =>
    `The server keeps no more for this account${maxBytes === null ? "" : `: it holds at most ${megabytes(maxBytes)} of it, earlier versions included`}. Your changes are kept on this device, and nothing on the server was lost. Earlier versions make room by themselves, most of them within two days, and this device tries again; or ask the server's operator for more.`,
  "merge-refused": ({ detail }) =>
    `The two wallets cannot be merged: ${endless(detail)}. Both are unchanged; export yours before you try anything else.`,
  unsettled: ({ rounds }) =>
    `Other devices kept changing the wallet for ${rounds} rounds. Nothing is lost; try again in a moment.`,
  "correcting-each-other": ({ rounds }) =>
    `Stopped: this device and another one keep correcting each other's wallet, ${rounds} times in a row. Nothing is lost. Update Holdfast on all devices, then start again.`,
  "reserved-preference": ({ key }) =>
    `The preference “${key}” is where Holdfast keeps conflicts and keys that are no longer used. Nothing was changed. Conflicts are listed and decided on their own.`,
  "unknown-conflict": () =>
    "There is no such open conflict. It may have been decided already, perhaps on another device.",
  "place-is-gone": () =>
    "What this conflict is about is no longer in the wallet, so neither value can be put back. Nothing was changed. Keep what is shown to close it.",
  "not-set": () => "This preference is not set.",
  "url-refused": ({ detail }) =>
    `The daemon's address was refused: ${detail}. A daemon on this machine is http://127.0.0.1:5279.`,
  "daemon-unreachable": ({ detail }) =>
    `The LBRY daemon could not be reached: ${detail}. Nothing was changed. Start it (or LBRY Desktop), then try again.`,
  "daemon-wallet-locked": () =>
    "The wallet in the LBRY daemon is locked. Nothing was changed. Unlock it there (wallet_unlock), then try again.",
  "daemon-wallet-unknown": ({ detail }) =>
    `The LBRY daemon has no such wallet${inBrackets(detail)}. wallet_list shows those it has.`,
  "daemon-wrong-password": () =>
    "The LBRY daemon could not open the wallet with the account's password. Nothing was changed.",
  "daemon-error": ({ name, detail }) =>
    `The LBRY daemon failed${inBrackets(name)}: ${endless(detail)}. Try again, or look into its log.`,
  "daemon-malformed-answer": ({ detail }) =>
    `What answers at the daemon's address does not speak as a LBRY daemon: ${endless(detail)}. Check the address.`,
};

/** One or two sentences for people: what happened, what it means for their wallet, what to do. For any outcome that is not a success. */
export function describeFailure(outcome: { readonly type: string }): string {
  if (!Object.hasOwn(sentences, outcome.type)) return "It did not work, for a reason unknown here.";
  const describe = sentences[outcome.type as Failure["type"]] as (
    failure: typeof outcome,
  ) => string;
  return describe(outcome);
}

function megabytes(bytes: number): string {
  return `${Math.floor(bytes / 1024 ** 2)} MiB`;
}

function inBrackets(detail: string): string {
  return detail === "" ? "" : ` (${detail})`;
}

function named(status: number, detail: string): string {
  return detail === "" ? `status ${status}` : detail;
}

/** Without its final full stop, to go into a sentence. */
function endless(detail: string): string {
  return detail.replace(/\.$/, "");
}
