/**
 * A profile of protocol 3 becomes one of protocol 4 (P4K-64, P4K-65): because this device upgrades the account, or because another
 * one did. Until the host took the upgrade only the `account` part is written, which a profile of protocol 3 does not read; then
 * the wallet's state, then the profile's text. Whatever dies in between, the next call goes on from there.
 */
import type { WalletId } from "@holdfast/crypto";
import { isSameAccountId } from "@holdfast/protocol/protocol-4";
import { lbryFormat } from "@holdfast/wallet/lbry";
import { formatState, parseState } from "../driver/state-codec.ts";
import {
  beginAnew,
  continueRecord,
  type ContinueOutcome,
  type RevisionRef,
} from "../engine/index.ts";
import type { LocalFailure, LocalWalletUnusable, NoProfile, SyncOutcome } from "../outcomes.ts";
import { logInByPassword } from "../protocol-4/account/log-in-password.ts";
import type { LogInOutcome } from "../protocol-4/account/session.ts";
import { parseAccountRecord } from "../protocol-4/record/account-record.ts";
import { HeldAccount as HeldAccount4 } from "../protocol-4/record/held-account.ts";
import type { ContactFailure } from "../protocol-4/sync/problem-of.ts";
import { createSyncAccount4 } from "../protocol-4/sync/sync-account.ts";
import {
  settleUpgrade,
  upgradeAccount,
  type UpgradeInput,
  type UpgradeOutcome,
} from "../protocol-4/upgrade/upgrade-account.ts";
import { namedRevision } from "../protocol-3/wallet-account.ts";
import type { LbryContent } from "../protocol-3/revision-text.ts";
import { judgeOwner } from "../wallet-owner/wallet-owner.ts";
import { syncWallet } from "../sync/sync.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { accountPorts } from "./hold-account-4.ts";
import { holdProfileText } from "./hold-profile.ts";
import { type HeldAccount as HeldAccount3, loadHeld3 } from "./held-device.ts";
import { createHolder3, ownerOf3 } from "./holder-3.ts";
import { anothersWallet } from "./left-wallet.ts";
import { useWallet } from "./open-wallet.ts";
import { formatProfile4, mainWallet, newProfile4, parseProfile4 } from "./profile-4.ts";
import { readLinkedWallet } from "./wallet-file.ts";

export type UpgradeProfileInput = Pick<
  UpgradeInput<LbryContent["document"]>,
  "newPassword" | "phrase" | "deviceName"
>;

type NotContinued = Exclude<ContinueOutcome<LbryContent>, { readonly type: "continued" }>;

type NotUpgraded = Exclude<UpgradeOutcome, { readonly type: "upgraded" }>;

export type UpgradeProfileOutcome =
  /** `resumed`: an earlier call's upgrade was finished, so its password and words count, and not those given now */
  | { readonly type: "upgraded"; readonly account: HeldAccount4; readonly resumed: boolean }
  | NotUpgraded
  | ContactFailure
  | NotContinued
  | Exclude<SyncOutcome, { readonly type: "synced" | "unsettled" | "healing-needs" }>
  | { readonly type: "wallet-file-encrypted"; readonly location: string }
  | { readonly type: "not-synced" };

/** Syncs, upgrades the account and then the profile; goes on with an upgrade whose answer was lost or that died half way. */
export async function upgradeProfile(
  settings: DeviceSettings,
  input: UpgradeProfileInput,
  signal: AbortSignal | undefined,
): Promise<UpgradeProfileOutcome | LocalFailure | NoProfile> {
  return await holdProfile3(settings, signal, async (held) => {
    const settled = await settle(held);
    if (settled !== null) return settled;
    const base = await syncedBase(held);
    if (base.type !== "base") return base;
    const { profile, session } = held;
    const { secrets } = profile;
    if (secrets === null) return { type: "password-needed" };
    const outcome = await upgradeAccount(accountPorts(held, session, null), {
      host: new URL(profile.server),
      id: profile.email,
      loginPassword: secrets.loginPassword,
      format: lbryFormat,
      base: base.base,
      ...input,
      ...(signal && { signal }),
    });
    if (outcome.type !== "upgraded") {
      if (outcome.type !== "unsettled") await session.removePart("account");
      return outcome;
    }
    return (await convert(held, outcome.account, base.base)) ?? { ...outcome, resumed: false };
  });
}

export type JoinUpgradedInput = {
  /** the account's new one */
  readonly password: string;
  readonly deviceName: string;
  /** goes through the second factor where the host asks for it */
  readonly answerMfa?: (outcome: LogInOutcome) => Promise<LogInOutcome>;
};

export type JoinUpgradedOutcome =
  LogInOutcome | ContactFailure | NotContinued | LocalWalletUnusable;

/** After another device upgraded the account: `logIn` with its new password makes this profile one of protocol 4, edits and merge base kept. */
export async function joinUpgraded(
  settings: DeviceSettings,
  input: JoinUpgradedInput,
  signal: AbortSignal | undefined,
): Promise<JoinUpgradedOutcome | LocalFailure | NoProfile> {
  return await holdProfile3(settings, signal, async (held) => {
    const { profile, session } = held;
    const { password, deviceName, answerMfa } = input;
    const first = await logInByPassword(accountPorts(held, session, null), {
      host: new URL(profile.server),
      id: profile.email,
      password,
      deviceName,
      ...(signal && { signal }),
    });
    const outcome = answerMfa === undefined ? first : await answerMfa(first);
    if (outcome.type !== "logged-in") return outcome;
    const origin = await learnOrigin(outcome.account, signal);
    const failed =
      origin.type === "origin" ? await convert(held, outcome.account, origin.from) : origin;
    if (failed === null) return outcome;
    await session.removePart("account");
    return failed;
  });
}

async function holdProfile3<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (held: HeldAccount3) => Promise<Outcome>,
): Promise<Outcome | LocalFailure | NoProfile> {
  return await holdProfileText(
    settings,
    async (session, text): Promise<Outcome | LocalFailure | NoProfile> => {
      if (text === null) return { type: "no-profile" };
      if (parseProfile4(text) !== null) return { type: "other-protocol", protocol: 4 };
      const loaded = loadHeld3(settings, session, signal, text);
      return loaded.type === "held" ? await work(loaded.account) : loaded;
    },
  );
}

/** What became of an earlier upgrade of this profile; null: there was none, or it did not happen. */
async function settle(held: HeldAccount3): Promise<UpgradeProfileOutcome | null> {
  const { session, profile, signal } = held;
  const text = await session.readPart("account");
  if (text === null) return null;
  const read = parseAccountRecord(text);
  const isOurs =
    read.type === "account" &&
    new URL(read.record.host).origin === new URL(profile.server).origin &&
    isSameAccountId(read.record.id, profile.email);
  if (!isOurs || read.record.pending?.type === "registration") return null;
  const account = new HeldAccount4(accountPorts(held, session, null), read.record);
  const outcome = await settleUpgrade(account, signal);
  if (outcome.type === "not-upgraded") {
    await session.removePart("account");
    return null;
  }
  if (outcome.type !== "upgraded") return outcome;
  const origin = await learnOrigin(account, signal);
  if (origin.type !== "origin") return origin;
  return (await convert(held, account, origin.from)) ?? { ...outcome, resumed: true };
}

type Base = UpgradeInput<LbryContent["document"]>["base"];

/** Brings host and device together, and holds what the host then shows against what was synced. */
async function syncedBase(
  held: HeldAccount3,
): Promise<
  | { readonly type: "base"; readonly base: Base }
  | Exclude<UpgradeProfileOutcome, { readonly type: "upgraded" }>
> {
  const holder = createHolder3(held);
  const file = await readLinkedWallet(holder);
  if (file?.type === "local-wallet-unusable") return file;
  if (file?.isEncryptedOnDisk === true)
    return { type: "wallet-file-encrypted", location: file.path };
  const synced = await useWallet(holder, async (wallet) => {
    const outcome = await syncWallet(wallet);
    if (outcome.type !== "synced") return outcome;
    return { type: "record" as const, synced: wallet.record.synced };
  });
  if (synced.type === "unsettled") return { type: "not-synced" };
  if (synced.type !== "record") return synced;
  const { sequence, hash, content } = synced.synced;
  if (sequence === 0) return { type: "base", base: null };
  const token = held.profile.session?.token;
  if (token === undefined) return { type: "not-logged-in" };
  const shown = await held.host.fetchWallet(token, held.signal);
  if (shown.type === "no-wallet") return { type: "base-conflict" };
  if (shown.type !== "wallet") return shown;
  const named = namedRevision(shown.revision);
  if (named.sequence !== sequence || named.hash !== hash) return { type: "base-conflict" };
  return { type: "base", base: { sequence, hash, content, hmac: shown.revision.hmac } };
}

/** Which revision of protocol 3 the account's wallet continues, as its newest revision says; verified and opened by this device. */
async function learnOrigin(
  account: HeldAccount4,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly type: "origin"; readonly from: RevisionRef | null } | ContactFailure> {
  let failure: ContactFailure | null = null;
  const sync = createSyncAccount4({
    account,
    walletId: mainWallet as WalletId,
    format: lbryFormat,
    onReport: (report) => {
      failure = report;
    },
  });
  const nothing = { sequence: 0, hash: "" };
  const fetched = await sync.fetchHead(nothing, signal);
  if (fetched.type === "empty") return { type: "origin", from: null };
  if (fetched.type === "head") {
    const opened = await sync.open(fetched.head, nothing);
    const { upgradedFrom } = account.record.wallets[mainWallet] ?? {};
    if (opened.type === "opened") return { type: "origin", from: upgradedFrom ?? null };
  }
  return failure ?? { type: "session-ended" };
}

/** State first, then the text that says how to read it. null: done; else nothing was changed. */
async function convert(
  held: HeldAccount3,
  { record: { identity } }: HeldAccount4,
  from: RevisionRef | null,
): Promise<NotContinued | LocalWalletUnusable | null> {
  const { session, profile } = held;
  const converted = await convertState(held, identity, from);
  if (converted !== null) return converted;
  await session.writeProfile(formatProfile4(newProfile4(profile.walletPath)));
  return null;
}

async function convertState(
  { session, profile, ports }: HeldAccount3,
  identity: string,
  from: RevisionRef | null,
): Promise<NotContinued | LocalWalletUnusable | null> {
  const text = await session.readState();
  if (text === null) return null;
  const read = parseState(text, lbryFormat);
  if (read.type === "damaged") {
    const location = ports.store.describe("state");
    const detail = "its text is damaged";
    return { type: "local-wallet-unusable", reason: "malformed", location, detail };
  }
  const { owner, record, peers } = read.state;
  // An earlier call came so far already.
  if (owner.id === identity) return null;
  const { empty } = lbryFormat;
  const old = ownerOf3(profile);
  const whose = judgeOwner(owner, old);
  if (whose === "another's") return anothersWallet(ports, owner);
  const own = whose === "own" ? record : beginAnew(record, empty);
  const continued = continueRecord(own, empty, from);
  if (continued.type !== "continued") return continued;
  await session.writeState(
    formatState(
      { record: continued.record, owner: { id: identity, name: old.name }, peers },
      lbryFormat,
    ),
  );
  return null;
}
