/** Builds protocol 4's domain over stores: a part of the composition root. */
import {
  type HostOrigin,
  loadOpaqueServer,
  type OpaqueSetup,
  type RandomBytes,
} from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import type { PasswordHasher } from "./accounts/password-hasher.ts";
import { createAccountLife } from "./credentials/account-life.ts";
import { createAccountViews } from "./credentials/account-views.ts";
import { createCredentialChanges } from "./credentials/credential-changes.ts";
import { createLogIn } from "./credentials/log-in.ts";
import type { Notices4 } from "./credentials/notices-4.ts";
import { createRecovery } from "./credentials/recovery.ts";
import { createRegistration } from "./credentials/registration.ts";
import { createSignedRequests } from "./credentials/signed-requests.ts";
import { createDeviceSessions } from "./devices/device-sessions.ts";
import type { TokenBuckets } from "./limits/token-buckets.ts";
import type { SendCode } from "./mailed-codes/mailed-codes.ts";
import { createPairings } from "./pairing/pairings.ts";
import { createRevisions } from "./revisions/revisions.ts";
import { createFactorVault } from "./second-factor/factor-vault.ts";
import { createSecondFactor } from "./second-factor/second-factor.ts";
import { createShortLived } from "./short-lived/short-lived.ts";
import type { Stores } from "./stores/stores.ts";
import { createUpgrade } from "./upgrade/upgrade.ts";
import type { VerificationMode } from "./verification/verification-mode.ts";
import type { Notices } from "./wallets/notices.ts";

export async function buildProtocol4(parts: {
  readonly stores: Stores;
  readonly setup: OpaqueSetup;
  readonly notices: Notices4;
  /** Those of protocol 3, for accounts that leave it. */
  readonly oldNotices: Notices;
  readonly passwordHasher: PasswordHasher;
  readonly mode: VerificationMode;
  readonly origin: () => HostOrigin;
  readonly sendCode: SendCode;
  /** Of a revision's ciphertext. */
  readonly maxWalletBytes: number;
  /** Of all of an account's revisions. */
  readonly maxAccountBytes: number;
  readonly pushLimit: TokenBuckets;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}) {
  const { maxWalletBytes, maxAccountBytes, pushLimit } = parts;
  const { stores, setup, notices, mode, origin, sendCode, clock, randomBytes } = parts;
  const shared = { clock, randomBytes, origin, mode, notices, sendCode };
  const store = stores.credentials;
  const opaque = await loadOpaqueServer(setup);
  const views = createAccountViews(store);
  const deviceSessions = createDeviceSessions({ ...shared, store: stores.devices });
  const secondFactor = createSecondFactor({
    ...shared,
    store: stores.secondFactors,
    sessions: deviceSessions,
    vault: createFactorVault(setup, randomBytes),
    hostName: () => new URL(origin()).host,
  });
  const pairings = createPairings(shared);
  const revisions = createRevisions({
    ...shared,
    store: stores.revisions,
    views,
    maxWalletBytes,
    maxAccountBytes,
    pushLimit,
  });
  const credentials = { ...shared, store, views, opaque, sessions: deviceSessions };
  const registration = createRegistration(credentials);
  return {
    registration,
    upgrade: createUpgrade({
      ...credentials,
      accounts: stores.accounts,
      passwordHasher: parts.passwordHasher,
      oldNotices: parts.oldNotices,
      registration,
      revisions: stores.revisions,
      maxWalletBytes,
    }),
    logIn: createLogIn({
      ...credentials,
      sessionStore: stores.devices,
      secondFactor,
      pairedAccount: (pairingId) => pairings.pairedAccount(pairingId),
    }),
    recovery: createRecovery(store),
    deviceSessions,
    signedRequests: createSignedRequests({ ...shared, views }),
    credentials: store,
    credentialChanges: createCredentialChanges({
      ...credentials,
      registration,
      secondFactor,
      revisions: stores.revisions,
      maxWalletBytes,
      maxAccountBytes,
    }),
    accountLife: createAccountLife({
      ...shared,
      store,
      views,
      sessions: deviceSessions,
      revisions,
      secondFactor,
    }),
    secondFactor,
    pairings,
    tickets: createShortLived<{ readonly token: string; readonly sessionId: string }>({
      clock,
      randomBytes,
      lifetimeMs: limits4.nonceMs,
      handleBytes: 32,
      ownerOf: ({ sessionId }) => sessionId,
    }),
    revisions,
    maxWalletBytes,
    maxAccountBytes,
    pushLimit,
  };
}
