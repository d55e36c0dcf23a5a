/**
 * An account of protocol 3 becomes one of protocol 4 (P4K-64): in one request, which carries everything that a registration
 * does, and the wallet as revision 1. Until the host took it, the old account goes on as it was.
 */
import {
  createAccount,
  CryptoError,
  encodeBase64url,
  type RecoveryEntropy,
  passwordSlotKey,
  sealRevision,
  signCertificate,
  type UnlockedAccount,
  type WalletId,
} from "@holdfast/crypto";
import type { UpgradeRequest } from "@holdfast/protocol/protocol-4";
import { type Content, splitContent, type WalletFormat } from "@holdfast/wallet/merge";
import { createDeviceId, holdAccount } from "../account/new-record.ts";
import { phraseSlots } from "../account/register.ts";
import { renewSession } from "../account/renew-session.ts";
import { type KeepKey, sessionOf } from "../account/session.ts";
import { wasUsedWithProtocol4 } from "../../protocol-memory/protocol-memory.ts";
import type { Secret } from "../../secret.ts";
import { type HostFailure4, misbehaves } from "../outcomes.ts";
import type { AccountPorts } from "../record/account-ports.ts";
import { originOf } from "../record/account-record.ts";
import { apiFor, type HeldAccount, opaqueOf } from "../record/held-account.ts";
import { rememberPushed } from "../sync/push-revision.ts";
import { keysOf } from "../sync/verify-wallet.ts";

export type UpgradeInput<Document> = {
  readonly host: URL;
  readonly id: string;
  /** what protocol 3 sends as the password, derived from the old one */
  readonly loginPassword: Secret;
  readonly newPassword: string;
  readonly deviceName: string;
  readonly phrase?: RecoveryEntropy;
  readonly keep?: KeepKey;
  readonly format: WalletFormat<Document>;
  /** the newest revision on the host, pulled and merged a moment ago; null: the account has no wallet */
  readonly base: {
    readonly sequence: number;
    readonly hmac: string;
    /** as the engine names it, so that other devices find their merge base */
    readonly hash: string;
    readonly content: Content<Document>;
  } | null;
  readonly signal?: AbortSignal;
};

export type UpgradeOutcome =
  | { readonly type: "upgraded"; readonly account: HeldAccount }
  /** the wallet was changed meanwhile: pull, then upgrade again */
  | { readonly type: "base-conflict" }
  | { readonly type: "login-refused" }
  | { readonly type: "too-large" }
  /** nothing was changed, and the old account goes on */
  | { readonly type: "not-upgraded"; readonly detail: string }
  /** whether it is done is unknown; `settleUpgrade` finds out */
  | { readonly type: "unsettled"; readonly account: HeldAccount; readonly failure: HostFailure4 }
  | HostFailure4;

const mainWallet = "default" as WalletId;

export async function upgradeAccount<Document>(
  ports: AccountPorts,
  input: UpgradeInput<Document>,
): Promise<UpgradeOutcome> {
  const { host, id, newPassword, deviceName, keep = "stored", signal } = input;
  if (await wasUsedWithProtocol4(ports.protocolMemory, host, id))
    return { type: "not-upgraded", detail: "it was used with protocol 4 from here already" };
  const api = apiFor(ports, host);
  const opaque = await opaqueOf(ports);
  const round = opaque.startRegistration(newPassword);
  const body = { id, registration: round.request };
  const started = await api.call("startAccount", { body, signal });
  if (started.type === "problem") return { type: "not-upgraded", detail: started.detail };
  if (started.type !== "answer") return started;
  const { registrationId, response } = started.value;
  let made;
  try {
    made = opaque.finishRegistration(newPassword, round, response);
  } catch (error) {
    if (error instanceof CryptoError)
      return misbehaves("malformed-answer", "its answer to the registration is none");
    throw error;
  }
  const slots = [
    { key: passwordSlotKey(made.rootKey), reference: made.reference },
    ...phraseSlots(input.phrase),
  ];
  const environment = { random: ports.randomBytes, savedAt: ports.clock.nowMs() };
  const { change, account: unlocked } = createAccount(originOf(host), slots, environment);
  const deviceId = createDeviceId(ports);
  const request: Omit<UpgradeRequest, "loginPassword"> = {
    registrationId,
    record: made.record,
    state: { ...change.state },
    slots: [...change.slots],
    keyring: unlocked.sealedKeyring,
    device: { deviceId, name: deviceName },
    ...(input.base !== null && {
      base: { sequence: input.base.sequence, hmac: input.base.hmac },
      wallet: firstRevision(ports, unlocked, deviceId, input.format, input.base),
    }),
  };
  const states = [unlocked.state];
  const account = holdAccount(
    ports,
    { host, id, deviceId, deviceName, unlocked, states, slots: change.slots, keep },
    { pending: { type: "upgrade", request } },
  );
  await account.save({});
  return await send(account, input.loginPassword, signal);
}

/** Finds out what became of an upgrade whose answer was lost: the new account's own key tells. */
export async function settleUpgrade(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<UpgradeOutcome> {
  const { pending } = account.record;
  if (pending?.type !== "upgrade") return { type: "upgraded", account };
  const outcome = await renewSession(account, { signal });
  switch (outcome.type) {
    case "logged-in":
      return await finish(account, pending.request);
    case "login-refused":
      return { type: "not-upgraded", detail: "the request did not arrive" };
    case "mfa-required":
    case "mfa-refused":
    case "locked":
    case "credentials-changed":
    case "unsupported-version":
      return { type: "not-upgraded", detail: outcome.type };
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return { type: "unsettled", account, failure: outcome };
  }
}

async function send(
  account: HeldAccount,
  loginPassword: Secret,
  signal: AbortSignal | undefined,
): Promise<UpgradeOutcome> {
  const { pending } = account.record;
  if (pending?.type !== "upgrade") return { type: "upgraded", account };
  const { request } = pending;
  const answered = await account.api.call("upgrade", {
    body: { ...request, loginPassword: loginPassword.reveal() },
    signal,
  });
  if (answered.type === "answer") {
    const { identity, session } = answered.value;
    if (identity !== account.record.identity) {
      const detail = "it says it made another account than the one sent";
      // It may have made this one all the same, and this device has its only key (P4K-67).
      return { type: "unsettled", account, failure: misbehaves("false-receipt", detail) };
    }
    await account.save({ session: sessionOf(session) });
    return await finish(account, request);
  }
  if (answered.type !== "problem") return { type: "unsettled", account, failure: answered };
  switch (answered.code) {
    case "base-conflict":
    case "login-refused":
    case "too-large":
      return { type: answered.code };
    case "start-again":
    case "identity-taken":
    case "refused-state":
    case "refused-revision":
      return { type: "not-upgraded", detail: answered.detail };
  }
}

async function finish(
  account: HeldAccount,
  { wallet }: Omit<UpgradeRequest, "loginPassword">,
): Promise<UpgradeOutcome> {
  if (wallet !== undefined) {
    const { header, encryptedWallet, certificate } = wallet;
    const revision = { header, encryptedWallet };
    await rememberPushed(account, mainWallet, { revision, certificate });
  }
  await account.save({ pending: null });
  return { type: "upgraded", account };
}

function firstRevision<Document>(
  ports: AccountPorts,
  unlocked: UnlockedAccount,
  deviceId: string,
  format: WalletFormat<Document>,
  { sequence, hash, content }: NonNullable<UpgradeInput<Document>["base"]>,
): NonNullable<UpgradeRequest["wallet"]> {
  const { header, encryptedWallet } = sealRevision(
    {
      identity: unlocked.state.account.identity,
      walletId: mainWallet,
      generation: 1,
      epoch: unlocked.state.epoch,
      deviceId,
      savedAt: ports.clock.nowMs(),
      content: {
        format: format.name,
        ...splitContent(format, content),
        upgradedFrom: { sequence, hash },
      },
      keys: keysOf(unlocked, mainWallet, 1),
    },
    ports.randomBytes,
  );
  return {
    header: { ...header.signed },
    encryptedWallet: encodeBase64url(encryptedWallet),
    certificate: { ...signCertificate(unlocked, mainWallet, 1) },
  };
}
