/**
 * Making a protocol-3 account one of protocol 4 (P4-90 …): one transaction, which also deletes everything of protocol 3 that
 * could serve to guess the password.
 *
 * Invariants: nothing is stored before everything was checked, the login password first; until the transaction is on disk the
 * old account works as before; afterwards every session and socket of protocol 3 is over.
 */
import { type HostOrigin, type Signed } from "@holdfast/crypto/verify";
import type { AccountStore } from "../accounts/account-store.ts";
import type { PasswordHasher } from "../accounts/password-hasher.ts";
import { type AccountPieces, checkNewAccount } from "../credentials/checked-account.ts";
import type { CredentialStore } from "../credentials/credential-store.ts";
import type { Registration } from "../credentials/registration.ts";
import type { Device, DeviceSessions } from "../devices/device-sessions.ts";
import type { SessionGrant } from "../devices/session-grant.ts";
import { checkPushed } from "../revisions/check-pushed.ts";
import type { RevisionStore } from "../revisions/revision-store.ts";
import type { Notices } from "../wallets/notices.ts";

type UpgradeAccountOutcome =
  | { readonly type: "upgraded"; readonly identity: string; readonly session: SessionGrant }
  | { readonly type: "start-again" }
  /** Unknown address or wrong login password. */
  | { readonly type: "login-refused" }
  /** Too many passwords are being checked. */
  | { readonly type: "busy" }
  | { readonly type: "base-conflict" }
  | { readonly type: "identity-taken" }
  | { readonly type: "refused-state"; readonly why: string }
  | { readonly type: "refused-revision"; readonly why: string }
  | { readonly type: "too-large"; readonly maxBytes: number };

interface UpgradeRequested extends AccountPieces {
  readonly registrationId: string;
  readonly device: Device;
  /** What protocol 3 calls the password. */
  readonly loginPassword: string;
  /** The wallet of protocol 3 that the new one is made of; absent exactly where there is none. */
  readonly base?: { readonly sequence: number; readonly hmac: string } | undefined;
  /** Revision 1, exactly where `base` is. */
  readonly wallet?:
    | {
        readonly header: Signed;
        readonly certificate: Signed;
        readonly encryptedWallet: Uint8Array;
      }
    | undefined;
}

export interface Upgrade {
  /** The address that an upgrade under this name is for, before it is tried; undefined when there is none. */
  idOf(registrationId: string): string | undefined;
  /** Throws CryptoError `malformed` for a record that is none. */
  upgrade(request: UpgradeRequested): Promise<UpgradeAccountOutcome>;
}

export function createUpgrade(dependencies: {
  readonly accounts: AccountStore;
  readonly passwordHasher: PasswordHasher;
  readonly registration: Pick<Registration, "take" | "idOf">;
  readonly store: CredentialStore;
  readonly revisions: RevisionStore;
  readonly sessions: DeviceSessions;
  /** Those of protocol 3. */
  readonly oldNotices: Pick<Notices, "credentialsChanged">;
  readonly origin: () => HostOrigin;
  readonly maxWalletBytes: number;
  readonly clock: () => number;
}): Upgrade {
  const { accounts, passwordHasher, registration, store, sessions, origin, clock } = dependencies;

  return {
    idOf: (registrationId) => registration.idOf(registrationId),

    async upgrade(request) {
      const begun = registration.take(request.registrationId);
      if (begun === undefined) return { type: "start-again" };
      const account = await accounts.findByEmail(begun.id);
      const matched = await passwordHasher.verify(request.loginPassword, account?.passwordHash);
      if (matched.type === "busy") return matched;
      if (matched.type === "no-match" || account?.verified !== true) {
        return { type: "login-refused" };
      }
      const checked = checkNewAccount(request, origin());
      if (checked.type !== "checked") return checked;
      if ((request.base === undefined) !== (request.wallet === undefined)) {
        return { type: "refused-revision", why: "wallet and base belong together" };
      }
      const { first, slots, keyring } = checked;
      const pushed =
        request.wallet === undefined
          ? undefined
          : await checkPushed(
              dependencies.revisions,
              account.userId,
              [first],
              {
                walletId: "default",
                headers: [request.wallet.header],
                encryptedWallet: request.wallet.encryptedWallet,
                certificates: new Map([[1, request.wallet.certificate]]),
                keepsPrevious: false,
              },
              dependencies.maxWalletBytes,
            );
      if (pushed?.type === "too-large") return { type: "too-large", maxBytes: pushed.maxBytes };
      if (pushed !== undefined && pushed.type !== "accepted") {
        return { type: "refused-revision", why: pushed.type };
      }

      const { token, session } = sessions.issue(request.device);
      const outcome = await store.upgrade({
        userId: account.userId,
        credentialVersion: account.credentialVersion,
        base: request.base,
        nowMs: clock(),
        holder: {
          identity: first.account.identity,
          nonce: first.account.nonce,
          opaque: { credentialId: begun.credentialId, record: request.record },
          state: request.state,
          slots,
          keyring,
          session,
        },
        revisions: pushed?.revisions,
      });
      // The password that was checked has been changed meanwhile, so it no longer matches.
      if (outcome.type === "credentials-changed") return { type: "login-refused" };
      if (outcome.type !== "upgraded") return outcome;
      dependencies.oldNotices.credentialsChanged(account.userId);
      const { sessionId, expiresAtMs } = session;
      return {
        type: "upgraded",
        identity: first.account.identity,
        session: { token, sessionId, expiresAtMs },
      };
    },
  };
}
