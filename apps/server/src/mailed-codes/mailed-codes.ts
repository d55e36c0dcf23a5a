/**
 * Codes that are mailed and typed into the device that asked for them (P4-23): eight digits, few guesses, an hour.
 *
 * Invariants: a code opens only what it was made for; a guess counts before it is compared; what must not succeed, because
 * the address belongs to somebody else, has a code that nobody was told.
 */
import { randomInt, timingSafeEqual } from "node:crypto";
import type { RandomBytes } from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import { createShortLived } from "../short-lived/short-lived.ts";

/** What is mailed; the texts are the mail side's. */
export type CodeMail =
  | { readonly type: "register" | "change-id"; readonly to: string; readonly code: string }
  /** To the holder of an address that somebody else typed. */
  | { readonly type: "register-taken" | "change-id-taken"; readonly to: string }
  /** To the old address. */
  | { readonly type: "id-changes" | "id-changed"; readonly to: string };

export type SendCode = (
  mail: CodeMail,
) => Promise<{ readonly type: "sent" } | { readonly type: "failed" }>;

export interface MailedCodes<Value extends object> {
  /** The code for a value under a name; one that is `hopeless` is never redeemed. */
  add(
    handle: string,
    value: Value,
    hopeless: boolean,
  ): { readonly code: string; readonly expiresAtMs: number };
  /** The value, once, for the right code. */
  redeem(handle: string, code: string): Value | undefined;
}

interface Entry<Value> {
  readonly value: Value;
  readonly code: Buffer;
  readonly hopeless: boolean;
  guesses: number;
}

const DIGITS = 8;

export function createMailedCodes<Value extends object>(options: {
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
  readonly sizeOf?: (value: Value) => number;
}): MailedCodes<Value> {
  const { clock, randomBytes, sizeOf = () => 1024 } = options;
  const entries = createShortLived<Entry<Value>>({
    lifetimeMs: limits4.mailedCodeMs,
    clock,
    randomBytes,
    maxBytes: 64 * 1024 * 1024,
    sizeOf: ({ value }) => sizeOf(value),
  });

  return {
    add(handle, value, hopeless) {
      const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, "0");
      entries.take(handle);
      const kept = entries.addAs(handle, { value, code: Buffer.from(code), hopeless, guesses: 0 });
      return { code, expiresAtMs: kept?.expiresAtMs ?? clock() };
    },

    redeem(handle, code) {
      const entry = entries.find(handle);
      if (entry === undefined) return undefined;
      entry.guesses += 1;
      const guess = Buffer.from(code);
      const isRight = guess.length === entry.code.length && timingSafeEqual(guess, entry.code);
      if (entry.guesses >= limits4.mailedCodeGuesses || (isRight && !entry.hopeless)) {
        entries.take(handle);
      }
      return isRight && !entry.hopeless ? entry.value : undefined;
    },
  };
}
