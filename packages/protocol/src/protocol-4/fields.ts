/** The kinds of values that messages are made of (P4-3). Binary is base64url without padding. */
import { z } from "zod";
import { isEmailAddress } from "../protocol-3/email-address.ts";
import { limits4 } from "./limits.ts";

/** Base64url of exactly so many bytes. */
const bytes = (length: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((length * 4) / 3)}}$`));

/** Base64url of at most so many bytes. */
export const upToBytes = (length: number) =>
  z
    .string()
    .min(1)
    .max(Math.ceil((length * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/);

/** SHA-256. */
export const hash = bytes(32);
export const nonce = bytes(32);
export const token = bytes(32);
export const signature = bytes(64);
/** Random name of something that the host keeps for a while, of a session, of a pairing. */
export const handle = bytes(16);

/** The account's name on this host: a plain e-mail address. Compared in its normalised form. */
export const accountId = z
  .string()
  .min(3)
  .max(limits4.idLength)
  .refine((id) => isEmailAddress(id.trim()), "must be an e-mail address");

/** The form in which ids are compared: trimmed, NFKC, lower case. */
export function normalizeAccountId(id: string): string {
  return id.trim().normalize("NFKC").toLowerCase();
}

/** Whether a host takes two ids for the same account's. */
export function isSameAccountId(one: string, other: string): boolean {
  return normalizeAccountId(one) === normalizeAccountId(other);
}

export const walletId = z.union([z.literal("default"), bytes(32)]);
export const deviceId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** What a person reads in a list of devices: no control characters or direction marks, as in a pairing's invitation. */
export const deviceName = z
  .string()
  .min(1)
  .max(limits4.deviceNameLength)
  .refine(isPlainName, "must be a plain name");

function isPlainName(name: string): boolean {
  return (
    name === name.normalize("NFC").trim() &&
    name.isWellFormed() &&
    !/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(name)
  );
}

/** Position in a chain, or a generation: from 1. */
export const ordinal = z.int().min(1);
export const timeMs = z.int().min(0);

/** A canonical text with its signature. */
export const signed = z.strictObject({ body: z.string().min(1).max(2048), signature });
export const signedState = z.strictObject({
  body: z
    .string()
    .min(1)
    .max(64 * 1024),
  signature,
  successorSignature: signature.exactOptional(),
});

/** Canonical texts; what they hold is checked by `@holdfast/crypto`. */
export const slotText = z.string().min(1).max(4096);
export const keyringText = z
  .string()
  .min(1)
  .max(512 * 1024);
/** OPAQUE's messages: first registration or login message of the client (32, 96 bytes), of the host (64, 320), last ones (192, 96). */
export const opaque = {
  registrationRequest: bytes(32),
  registrationResponse: bytes(64),
  record: bytes(192),
  loginRequest: bytes(96),
  loginResponse: bytes(320),
  finish: bytes(96),
} as const;

/** A TOTP of six digits, or a recovery code. */
export const mfaCode = z.string().min(6).max(32);
export const mailedCode = z.string().regex(/^[0-9]{8}$/);
