/**
 * The second factor (P4-60 …): TOTP (RFC 6238: SHA-1, six digits, thirty seconds) and single-use recovery codes.
 *
 * Invariants: a code opens one login; attempts are counted before a code is looked at; the database alone gives neither the
 * secret nor the codes, because both need the host's setup secret.
 */
import type { RandomBytes } from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import { LRUCache } from "lru-cache";
import { Secret as TotpSecret, TOTP } from "otpauth";
import type { DeviceSession, SessionEnded } from "../devices/device-session-store.ts";
import type { DeviceSessions } from "../devices/device-sessions.ts";
import { clientNetwork } from "../limits/client-network.ts";
import { createWindowCounter } from "../limits/credential-limits.ts";
import { createShortLived } from "../short-lived/short-lived.ts";
import type { FactorVault } from "./factor-vault.ts";
import type { SecondFactorStore, SwitchFactorOutcome } from "./second-factor-store.ts";

type CheckCodeOutcome =
  | { readonly type: "passed" }
  | { readonly type: "mfa-refused" }
  | { readonly type: "rate-limited"; readonly retryAfterMs: number };

type StartTotpOutcome =
  | {
      readonly type: "started";
      readonly enrolmentId: string;
      /** Base32. */
      readonly secret: string;
      readonly uri: string;
    }
  | { readonly type: "mfa-on" };

type ConfirmTotpOutcome =
  | { readonly type: "enabled"; readonly recoveryCodes: readonly string[] }
  | { readonly type: "start-again" }
  | { readonly type: "mfa-on" }
  | SessionEnded
  | Exclude<CheckCodeOutcome, { readonly type: "passed" }>;

export interface SecondFactor {
  isOn(userId: number): Promise<boolean>;
  status(userId: number): Promise<{ readonly totp: boolean; readonly recoveryCodesLeft: number }>;
  /** Uses up a TOTP or recovery code, from this client address. */
  check(userId: number, code: string, ip: string): Promise<CheckCodeOutcome>;
  start(userId: number, id: string): Promise<StartTotpOutcome>;
  confirm(by: DeviceSession, enrolmentId: string, code: string): Promise<ConfirmTotpOutcome>;
  disable(by: DeviceSession): Promise<SwitchFactorOutcome>;
  /** New codes instead of the old ones. */
  renewCodes(
    by: DeviceSession,
  ): Promise<
    | { readonly type: "renewed"; readonly recoveryCodes: readonly string[] }
    | Exclude<SwitchFactorOutcome, { readonly type: "done" }>
  >;
  removeCodes(by: DeviceSession): Promise<SwitchFactorOutcome>;
}

const PERIOD_SECONDS = 30;
/** Codes at an account in an hour from all strangers together. Three codes hold at a time, so of who guesses all day one in some 1,400 gets through. */
const ATTEMPTS = { points: 10, windowMs: 60 * 60 * 1000 };
const MAX_COUNTED = 100_000;

export function createSecondFactor(dependencies: {
  readonly store: SecondFactorStore;
  readonly vault: FactorVault;
  readonly sessions: Pick<DeviceSessions, "authorise">;
  /** What an authenticator shows beside the account. */
  readonly hostName: () => string;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): SecondFactor {
  const { store, vault, sessions, hostName, clock, randomBytes } = dependencies;
  const takeAttempt = createWindowCounter(ATTEMPTS, clock, MAX_COUNTED);
  const ownersNetworks = new LRUCache<string, true>({ max: MAX_COUNTED });
  const enrolments = createShortLived<{ readonly userId: number; readonly secret: Uint8Array }>({
    lifetimeMs: limits4.startedMs,
    clock,
    randomBytes,
    ownerOf: ({ userId }) => String(userId),
  });

  function newCodes(userId: number) {
    const codes = Array.from({ length: limits4.recoveryCodes }, () => writeCode(randomBytes(10)));
    return { codes, codeHashes: codes.map((code) => vault.hashCode(userId, readCode(code))) };
  }

  function limited(
    counted: string,
  ): Extract<CheckCodeOutcome, { type: "rate-limited" }> | undefined {
    const attempt = takeAttempt(counted);
    if (attempt.type === "allowed") return undefined;
    return { type: "rate-limited", retryAfterMs: attempt.retryAfterMs };
  }

  async function isRight(userId: number, code: string): Promise<boolean> {
    const found = await store.find(userId);
    if (found === undefined) return false;
    if (!/^[0-9]{6}$/.test(code)) {
      return store.useCode(userId, vault.hashCode(userId, readCode(code)));
    }
    const step = stepOf(vault.openSecret(userId, found.sealedSecret), code, clock());
    return step !== undefined && (await store.useStep(userId, step));
  }

  return {
    isOn: async (userId) => (await store.find(userId)) !== undefined,

    async status(userId) {
      const found = await store.find(userId);
      return { totp: found !== undefined, recoveryCodesLeft: found?.codesLeft ?? 0 };
    },

    async check(userId, code, ip) {
      // A thief who knows the password uses up the attempts of strangers, not those of a network where the owner's code was right.
      const network = `${userId} ${clientNetwork(ip)}`;
      const refusal = limited(ownersNetworks.has(network) ? network : String(userId));
      if (refusal !== undefined) return refusal;
      if (!(await isRight(userId, code))) return { type: "mfa-refused" };
      ownersNetworks.set(network, true);
      return { type: "passed" };
    },

    async start(userId, id) {
      if ((await store.find(userId)) !== undefined) return { type: "mfa-on" };
      const secret = Uint8Array.from(randomBytes(20));
      const { handle } = enrolments.add({ userId, secret });
      const totp = createTotp(secret, { issuer: hostName(), label: id });
      return {
        type: "started",
        enrolmentId: handle,
        secret: totp.secret.base32,
        uri: totp.toString(),
      };
    },

    async confirm(by, enrolmentId, code) {
      const { userId } = by;
      const refusal = limited(`session ${by.sessionId}`);
      if (refusal !== undefined) return refusal;
      const enrolment = enrolments.find(enrolmentId);
      if (enrolment?.userId !== userId) return { type: "start-again" };
      const step = stepOf(enrolment.secret, code, clock());
      if (step === undefined) return { type: "mfa-refused" };
      enrolments.take(enrolmentId);
      const { codes, codeHashes } = newCodes(userId);
      const sealedSecret = vault.sealSecret(userId, enrolment.secret);
      const authorised = sessions.authorise(by);
      const outcome = await store.enable({ by: authorised, sealedSecret, step, codeHashes });
      if (outcome.type === "on-already") return { type: "mfa-on" };
      return outcome.type === "enabled" ? { type: "enabled", recoveryCodes: codes } : outcome;
    },

    disable: (by) => store.disable(sessions.authorise(by)),

    async renewCodes(by) {
      const { codes, codeHashes } = newCodes(by.userId);
      const outcome = await store.replaceCodes(sessions.authorise(by), codeHashes);
      return outcome.type === "done" ? { type: "renewed", recoveryCodes: codes } : outcome;
    },

    removeCodes: (by) => store.replaceCodes(sessions.authorise(by), []),
  };
}

function createTotp(secret: Uint8Array, names: { issuer?: string; label?: string } = {}): TOTP {
  const { buffer, byteOffset, byteLength } = secret;
  const own = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  return new TOTP({ ...names, secret: new TotpSecret({ buffer: own }), period: PERIOD_SECONDS });
}

/** The time step of a code, at most one away from now; undefined for a wrong one. */
function stepOf(secret: Uint8Array, token: string, nowMs: number): number | undefined {
  const delta = createTotp(secret).validate({ token, timestamp: nowMs, window: 1 });
  return delta === null ? undefined : Math.floor(nowMs / 1000 / PERIOD_SECONDS) + delta;
}

/** 80 bits as four groups of people's base32 (no i, l, o, u). */
function writeCode(bytes: Uint8Array): string {
  const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  let bits = BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
  let text = "";
  for (let place = 0; place < 16; place += 1) {
    text = (alphabet[Number(bits & 31n)] ?? "") + text;
    bits >>= 5n;
  }
  return text.replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** A recovery code as a person types it, in its one form. */
function readCode(typed: string): string {
  return typed.toLowerCase().replaceAll(/[\s-]/g, "").replaceAll("o", "0").replaceAll(/[il]/g, "1");
}
