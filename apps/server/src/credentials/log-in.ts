/**
 * Logging in: by password (OPAQUE) and by authority signature (P4-30 …).
 *
 * Invariants: an unknown id or identity costs the same work and gets the same answers as a known one with a wrong proof; a
 * proof is taken once; slots and keyring leave the host only after the second factor, where there is one; a session begun
 * under credentials that have since changed is never made.
 */
import {
  type Hash,
  type HostOrigin,
  type LoginPurpose,
  type LoginStatement,
  type OpaqueServer,
  parseBase64url,
  parsePublicKey,
  type RandomBytes,
  verifyLogin,
} from "@holdfast/crypto/verify";
import { limits4, normalizeAccountId } from "@holdfast/protocol/protocol-4";
import type { Device, DeviceSessions } from "../devices/device-sessions.ts";
import type { DeviceSessionStore } from "../devices/device-session-store.ts";
import type { SessionGrant } from "../devices/session-grant.ts";
import type { SecondFactor } from "../second-factor/second-factor.ts";
import { hashToken } from "../sessions/secret-token.ts";
import { createShortLived } from "../short-lived/short-lived.ts";
import type { AccountView, AccountViews } from "./account-views.ts";
import { recoveryReference } from "./checked-account.ts";
import type { CredentialStore } from "./credential-store.ts";
import type { Notices4 } from "./notices-4.ts";
import { quickCheck } from "./quick-check.ts";
import { readCredentials, type StoredCredentials } from "./read-credentials.ts";

export type OpenSessionOutcome =
  | {
      readonly type: "opened";
      readonly id: string;
      readonly session: SessionGrant;
      readonly credentials: StoredCredentials;
    }
  /** Unknown id or identity, wrong password or signature, or nothing was begun. */
  | { readonly type: "login-refused" }
  /** The proof is right; the same request with a code goes on. */
  | { readonly type: "mfa-required" }
  | { readonly type: "mfa-refused" }
  | { readonly type: "rate-limited"; readonly retryAfterMs: number };

export interface LogIn {
  /** Throws CryptoError `malformed` for a message that is none. */
  startPassword(request: {
    readonly id: string;
    readonly login: string;
  }): Promise<{ readonly loginId: string; readonly response: string }>;
  finishPassword(request: {
    readonly loginId: string;
    readonly finish: string;
    readonly device: Device;
    readonly mfaCode?: string | undefined;
    /** The client's address. */
    readonly ip: string;
  }): Promise<OpenSessionOutcome>;
  challenge(request: {
    readonly purpose: LoginPurpose;
    readonly identity: string;
    readonly deviceId: string;
    readonly lookupId?: string | undefined;
    readonly pairingId?: string | undefined;
  }): Promise<{ readonly nonce: string; readonly expiresAtMs: number }>;
  finishSignature(request: {
    readonly nonce: string;
    readonly signature: string;
    readonly deviceName: string;
    readonly mfaCode?: string | undefined;
    /** The client's address. */
    readonly ip: string;
  }): Promise<OpenSessionOutcome>;
}

/** A login whose proof was right, while its second factor is asked for. */
interface Proven {
  readonly userId: number;
  /** Under which the proof was checked. */
  readonly epoch: number;
  readonly needsMfa: boolean;
  /** What was proved: the password's credential id, or the authority key. While it is the account's, so is the proof. */
  readonly proved: { readonly kind: "password" | "signature"; readonly value: string };
  /** Of the message that proved it, so that nobody else goes on with it. */
  readonly proofHash: string;
  /** That was signed for; a password says nothing about a device. */
  readonly deviceId?: string;
}

/** No account has this number. */
const NOBODY = 0;

/** How often a session is tried again because the account changed under it. */
const MAX_ROUNDS = 3;

function provable({ holder, newest }: AccountView): Record<Proven["proved"]["kind"], string> {
  return { password: holder.opaque.credentialId, signature: newest.authorityKey };
}

/** The base point: a valid key that nobody signs with, for identities that are unknown. */
const nobodysKey = parsePublicKey("WGZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY");

export function createLogIn(dependencies: {
  readonly store: CredentialStore;
  readonly sessionStore: DeviceSessionStore;
  readonly views: AccountViews;
  readonly opaque: OpaqueServer;
  readonly sessions: DeviceSessions;
  readonly secondFactor: SecondFactor;
  /** Who gave an account to a device by this pairing, if that device has fetched it. */
  readonly pairedAccount: (pairingId: string) => number | undefined;
  readonly notices: Notices4;
  readonly origin: () => HostOrigin;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): LogIn {
  const { store, views, opaque, sessions, secondFactor, origin, clock, randomBytes } = dependencies;
  const shared = { clock, randomBytes };
  const passwordLogins = createShortLived<{
    readonly state: ReturnType<OpaqueServer["answerLogin"]>["state"];
    readonly account:
      | { readonly userId: number; readonly epoch: number; readonly credentialId: string }
      | undefined;
  }>({ ...shared, lifetimeMs: limits4.nonceMs });
  const challenges = createShortLived<{
    readonly statement: Omit<LoginStatement, "nonce" | "hostOrigin" | "expiresAt">;
    /** Of a purpose that asks for no second factor: whose it was shown to be. */
    readonly shownFor: number | undefined;
    /** As it was answered, because it is part of what is signed. */
    readonly expiresAt: number;
  }>({ ...shared, lifetimeMs: limits4.nonceMs, handleBytes: 32 });
  /** Whose account was asked for last; the first account until then. */
  let lastUserId = 1;
  const provenLogins = createShortLived<Proven>({ ...shared, lifetimeMs: limits4.startedMs });

  /** Goes on with a proof: second factor, session, credentials. `handle` names the proof for the next try. */
  async function open(
    handle: string,
    proven: Proven,
    device: Device,
    { mfaCode, ip }: { readonly mfaCode?: string | undefined; readonly ip: string },
  ): Promise<OpenSessionOutcome> {
    const { userId, epoch } = proven;
    if (proven.needsMfa && (await secondFactor.isOn(userId))) {
      provenLogins.addAs(handle, proven);
      if (mfaCode === undefined) return { type: "mfa-required" };
      const passed = await secondFactor.check(userId, mfaCode, ip);
      if (passed.type !== "passed") return passed;
    }
    provenLogins.take(handle);
    const { token, session } = sessions.issue(device);
    let created = await dependencies.sessionStore.create({ userId, epoch, session });
    for (let round = 1; round <= MAX_ROUNDS && created.type !== "created"; round += 1) {
      const view = await views.load(userId);
      if (view === undefined || provable(view)[proven.proved.kind] !== proven.proved.value) break;
      // Something else about the account changed meanwhile: the proof still holds.
      const request = { userId, epoch: view.newest.epoch, session };
      created = await dependencies.sessionStore.create(request);
    }
    if (created.type !== "created") return { type: "login-refused" };
    if (created.replaced !== undefined) {
      dependencies.notices.sessionEnded(userId, created.replaced);
    }
    const read = await readCredentials(store, userId, 0);
    if (read === undefined) return { type: "login-refused" };
    const { sessionId, expiresAtMs } = session;
    return {
      type: "opened",
      id: read.holder.id,
      session: { token, sessionId, expiresAtMs },
      credentials: read.credentials,
    };
  }

  function provenBefore(handle: string, proof: string): Proven | undefined {
    const proven = provenLogins.find(handle);
    return proven?.proofHash === hashToken(proof) ? proven : undefined;
  }

  async function isShown(request: Parameters<LogIn["challenge"]>[0]): Promise<number | undefined> {
    const { purpose, lookupId, pairingId } = request;
    if (purpose === "recovery" && lookupId !== undefined) {
      return (await store.findByRecovery(recoveryReference(parseBase64url(lookupId, 32))))?.userId;
    }
    if (purpose === "pairing" && pairingId !== undefined) {
      return dependencies.pairedAccount(pairingId);
    }
    return undefined;
  }

  return {
    async startPassword({ id, login }) {
      const holder = await store.findById(id);
      // An account is read for an id that nobody has as well, and a missing one for an id that is known.
      await store.find(holder === undefined ? lastUserId : NOBODY);
      lastUserId = holder?.userId ?? lastUserId;
      const key = normalizeAccountId(id);
      const { state, response } = opaque.answerLogin(key, holder?.opaque, login);
      const account = holder && {
        userId: holder.userId,
        epoch: holder.epoch,
        credentialId: holder.opaque.credentialId,
      };
      const { handle } = passwordLogins.add({ state, account });
      return { loginId: handle, response };
    },

    async finishPassword({ loginId, finish, device, ...second }) {
      const before = provenBefore(loginId, finish);
      if (before !== undefined) return open(loginId, before, device, second);
      const login = passwordLogins.take(loginId);
      if (login === undefined || !opaque.finishLogin(login.state, finish, origin())) {
        return { type: "login-refused" };
      }
      if (login.account === undefined) return { type: "login-refused" };
      const { credentialId, ...account } = login.account;
      const proven: Proven = {
        ...account,
        needsMfa: true,
        proved: { kind: "password", value: credentialId },
        proofHash: hashToken(finish),
      };
      return open(loginId, proven, device, second);
    },

    async challenge(request) {
      const { purpose, deviceId } = request;
      const identity = request.identity as Hash;
      const shownFor = await isShown(request);
      const expiresAt = clock() + limits4.nonceMs;
      const statement = { identity, deviceId, purpose };
      const { handle } = challenges.add({ statement, shownFor, expiresAt });
      return { nonce: handle, expiresAtMs: expiresAt };
    },

    async finishSignature({ nonce, signature, deviceName, ...second }) {
      const before = provenBefore(nonce, signature);
      if (before?.deviceId !== undefined) {
        const device = { deviceId: before.deviceId, name: deviceName };
        return open(nonce, before, device, second);
      }
      const challenge = challenges.take(nonce);
      if (challenge === undefined) return { type: "login-refused" };
      const { statement, shownFor, expiresAt } = challenge;
      const holder = await store.findByIdentity(statement.identity);
      const view = holder && (await views.load(holder.userId));
      const isSigned = verifyLogin(
        signature,
        { ...statement, hostOrigin: origin(), nonce, expiresAt },
        view?.newest.authorityKey ?? nobodysKey,
        clock(),
        quickCheck,
      );
      if (!isSigned || view === undefined) return { type: "login-refused" };
      const { userId } = view.holder;
      if (statement.purpose !== "session" && shownFor !== userId) return { type: "login-refused" };
      const proven: Proven = {
        userId,
        epoch: view.newest.epoch,
        needsMfa: statement.purpose === "session",
        proved: { kind: "signature", value: view.newest.authorityKey },
        proofHash: hashToken(signature),
        deviceId: statement.deviceId,
      };
      const device = { deviceId: statement.deviceId, name: deviceName };
      return open(nonce, proven, device, second);
    },
  };
}
