/**
 * The second factor (P4-60 …): TOTP (RFC 6238: SHA-1, six digits, thirty seconds) and single-use recovery codes.
 *
 * Invariants: a code opens one login; attempts are counted before a code is looked at; the database alone gives neither the
 * secret nor the codes, because both need the host's setup secret.
 */
import type { RandomBytes } from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import { Secret as TotpSecret, TOTP } from "otpauth";
import { createWindowCounter } from "../limits/credential-limits.ts";
import { createShortLived } from "../short-lived/short-lived.ts";
import type { FactorVault } from "./factor-vault.ts";
import type { SecondFactorStore } from "./second-factor-store.ts";

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
  | Exclude<CheckCodeOutcome, { readonly type: "passed" }>;

export interface SecondFactor {
  isOn(userId: number): Promise<boolean>;
  status(userId: number): Promise<{ readonly totp: boolean; readonly recoveryCodesLeft: number }>;
  /** Uses up a TOTP or recovery code. */
  check(userId: number, code: string): Promise<CheckCodeOutcome>;
  start(userId: number, id: string): Promise<StartTotpOutcome>;
  confirm(userId: number, enrolmentId: string, code: string): Promise<ConfirmTotpOutcome>;
  /** Whether it was on. */
  disable(userId: number): Promise<boolean>;
  /** New codes instead of the old ones; undefined where it is off. */
  renewCodes(userId: number): Promise<readonly string[] | undefined>;
  /** Whether it is on. */
  removeCodes(userId: number): Promise<boolean>;
}

const PERIOD_SECONDS = 30;
/** Codes at an account in an hour: one in ten thousand guessers a day gets through. */
const ATTEMPTS = { points: 10, windowMs: 60 * 60 * 1000 };
const MAX_COUNTED_ACCOUNTS = 100_000;

export function createSecondFactor(dependencies: {
  readonly store: SecondFactorStore;
  readonly vault: FactorVault;
  /** What an authenticator shows beside the account. */
  readonly hostName: () => string;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): SecondFactor {
  const { store, vault, hostName, clock, randomBytes } = dependencies;
  const takeAttempt = createWindowCounter(ATTEMPTS, clock, MAX_COUNTED_ACCOUNTS);
  const enrolments = createShortLived<{ readonly userId: number; readonly secret: Uint8Array }>({
    lifetimeMs: limits4.startedMs,
    clock,
    randomBytes,
  });

  function newCodes(userId: number) {
    const codes = Array.from({ length: limits4.recoveryCodes }, () => writeCode(randomBytes(10)));
    return { codes, codeHashes: codes.map((code) => vault.hashCode(userId, readCode(code))) };
  }

  function limited(
    userId: number,
  ): Extract<CheckCodeOutcome, { type: "rate-limited" }> | undefined {
    const attempt = takeAttempt(String(userId));
    if (attempt.type === "allowed") return undefined;
    return { type: "rate-limited", retryAfterMs: attempt.retryAfterMs };
  }

  return {
    isOn: async (userId) => (await store.find(userId)) !== undefined,

    async status(userId) {
      const found = await store.find(userId);
      return { totp: found !== undefined, recoveryCodesLeft: found?.codesLeft ?? 0 };
    },

    async check(userId, code) {
      const refusal = limited(userId);
      if (refusal !== undefined) return refusal;
      const found = await store.find(userId);
      if (found === undefined) return { type: "mfa-refused" };
      if (!/^[0-9]{6}$/.test(code)) {
        const isUsed = await store.useCode(userId, vault.hashCode(userId, readCode(code)));
        return { type: isUsed ? "passed" : "mfa-refused" };
      }
      const step = stepOf(vault.openSecret(userId, found.sealedSecret), code, clock());
      if (step === undefined) return { type: "mfa-refused" };
      return { type: (await store.useStep(userId, step)) ? "passed" : "mfa-refused" };
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

    async confirm(userId, enrolmentId, code) {
      const refusal = limited(userId);
      if (refusal !== undefined) return refusal;
      const enrolment = enrolments.find(enrolmentId);
      if (enrolment?.userId !== userId) return { type: "start-again" };
      const step = stepOf(enrolment.secret, code, clock());
      if (step === undefined) return { type: "mfa-refused" };
      enrolments.take(enrolmentId);
      const { codes, codeHashes } = newCodes(userId);
      const sealedSecret = vault.sealSecret(userId, enrolment.secret);
      const enabled = await store.enable({ userId, sealedSecret, step, codeHashes });
      if (enabled.type === "on-already") return { type: "mfa-on" };
      return { type: "enabled", recoveryCodes: codes };
    },

    disable: (userId) => store.disable(userId),

    async renewCodes(userId) {
      const { codes, codeHashes } = newCodes(userId);
      return (await store.replaceCodes(userId, codeHashes)) ? codes : undefined;
    },

    removeCodes: (userId) => store.replaceCodes(userId, []),
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
