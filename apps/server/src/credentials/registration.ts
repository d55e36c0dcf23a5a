/**
 * Registration of protocol-4 accounts (P4-20 …).
 *
 * Invariants: every start has its own credential id; nothing is stored before all pieces were checked; where addresses are
 * verified by mail, a taken address goes through the same steps with the same answers, and only its mailbox learns of it.
 */
import {
  createCredentialId,
  type HostOrigin,
  type OpaqueServer,
  type RandomBytes,
} from "@holdfast/crypto/verify";
import { limits4, normalizeAccountId } from "@holdfast/protocol/protocol-4";
import type { Device, DeviceSessions } from "../devices/device-sessions.ts";
import { createMailedCodes, type SendCode } from "../mailed-codes/mailed-codes.ts";
import { createShortLived } from "../short-lived/short-lived.ts";
import type { SessionGrant } from "../devices/session-grant.ts";
import type { VerificationMode } from "../verification/verification-mode.ts";
import { type AccountPieces, checkNewAccount } from "./checked-account.ts";
import type { CredentialStore, NewHolder } from "./credential-store.ts";

type StartRegistrationOutcome =
  | { readonly type: "started"; readonly registrationId: string; readonly response: string }
  | { readonly type: "not-invited" };

type CreatedAccount = {
  readonly type: "created";
  readonly identity: string;
  readonly session: SessionGrant;
};

type FinishRegistrationOutcome =
  | CreatedAccount
  /** A code was mailed to the address, whoever has it. */
  | { readonly type: "mailed"; readonly expiresAtMs: number }
  | { readonly type: "start-again" }
  | { readonly type: "refused-state"; readonly why: string }
  | { readonly type: "id-taken" }
  | { readonly type: "identity-taken" }
  | { readonly type: "mail-failed" };

type VerifyRegistrationOutcome =
  | CreatedAccount
  | { readonly type: "code-refused" }
  | { readonly type: "id-taken" }
  | { readonly type: "identity-taken" };

/** A registration that was begun: for an address, or for an upgrade or a change of password by somebody who is known. */
interface StartedRegistration {
  readonly id: string;
  readonly credentialId: string;
}

export interface Registration {
  /** Throws CryptoError `malformed` for a message that is none. */
  start(request: {
    readonly id: string;
    readonly registration: string;
  }): Promise<StartRegistrationOutcome>;
  /** What was begun under a name; it is over then. */
  take(registrationId: string): StartedRegistration | undefined;
  /** The address of what was begun under a name, which goes on. */
  idOf(registrationId: string): string | undefined;
  finish(
    request: AccountPieces & { readonly registrationId: string; readonly device: Device },
  ): Promise<FinishRegistrationOutcome>;
  verify(request: {
    readonly registrationId: string;
    readonly code: string;
  }): Promise<VerifyRegistrationOutcome>;
}

interface Pending {
  /** Without its session, which begins with the verified code. */
  readonly holder: Omit<NewHolder, "session">;
  readonly device: Device;
}

export function createRegistration(dependencies: {
  readonly store: CredentialStore;
  readonly opaque: OpaqueServer;
  readonly sessions: DeviceSessions;
  readonly mode: VerificationMode;
  readonly origin: () => HostOrigin;
  readonly sendCode: SendCode;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): Registration {
  const { store, opaque, sessions, mode, origin, sendCode, clock, randomBytes } = dependencies;
  const invited = new Set(mode.type === "Whitelist" ? mode.emails.map(normalizeAccountId) : []);
  const started = createShortLived<StartedRegistration>({
    lifetimeMs: limits4.startedMs,
    clock,
    randomBytes,
  });
  const pending = createMailedCodes<Pending>({
    clock,
    randomBytes,
    sizeOf: ({ holder }) => 4096 + holder.keyring.length + holder.slots.length * 4096,
  });

  async function create(
    holder: Omit<NewHolder, "session">,
    device: Device,
  ): Promise<CreatedAccount | { readonly type: "id-taken" | "identity-taken" }> {
    const { token, session } = sessions.issue(device);
    const outcome = await store.create({ ...holder, session });
    if (outcome.type !== "created") return outcome;
    const { sessionId, expiresAtMs } = session;
    return {
      type: "created",
      identity: holder.identity,
      session: { token, sessionId, expiresAtMs },
    };
  }

  return {
    async start({ id, registration }) {
      if (mode.type === "Whitelist" && !invited.has(normalizeAccountId(id))) {
        return { type: "not-invited" };
      }
      const credentialId = createCredentialId(randomBytes);
      const response = opaque.answerRegistration(credentialId, registration);
      const { handle } = started.add({ id: id.trim(), credentialId });
      return { type: "started", registrationId: handle, response };
    },

    take: (registrationId) => started.take(registrationId),
    idOf: (registrationId) => started.find(registrationId)?.id,

    async finish({ registrationId, device, ...pieces }) {
      const begun = started.take(registrationId);
      if (begun === undefined) return { type: "start-again" };
      const checked = checkNewAccount(pieces, origin());
      if (checked.type !== "checked") return checked;
      const { first, slots, keyring } = checked;
      const holder = {
        id: begun.id,
        identity: first.account.identity,
        nonce: first.account.nonce,
        opaque: { credentialId: begun.credentialId, record: pieces.record },
        state: pieces.state,
        slots,
        keyring,
      };
      if (mode.type !== "EmailVerify") return create(holder, device);

      const isTaken = await store.isTaken(begun.id);
      const { code, expiresAtMs } = pending.add(registrationId, { holder, device }, isTaken);
      const sent = await sendCode(
        isTaken
          ? { type: "register-taken", to: begun.id }
          : { type: "register", to: begun.id, code },
      );
      return sent.type === "sent" ? { type: "mailed", expiresAtMs } : { type: "mail-failed" };
    },

    async verify({ registrationId, code }) {
      const redeemed = pending.redeem(registrationId, code);
      if (redeemed === undefined) return { type: "code-refused" };
      return create(redeemed.holder, redeemed.device);
    },
  };
}
