/** What a host answers (P3-20 …). A client reads the answers of an untrusted host with these; further fields are ignored. */
import { z } from "zod";
import { limits3 } from "./limits.ts";

const hex64 = z.string().regex(/^[0-9A-Fa-f]{64}$/);

/** 201 of POST /signup. */
export const signUpAnswer = z.object({ verified: z.boolean() });

/** 200 of POST /auth/full; the original answers `null` as `expiration`, Holdfast an RFC 3339 time. */
export const logInAnswer = z.object({
  token: z.string().min(1),
  deviceId: z.string(),
  scope: z.string(),
  userId: z.int(),
  expiration: z.string().nullable(),
});

/** 200 of GET /client-salt-seed. */
export const clientSaltSeedAnswer = z.object({ clientSaltSeed: hex64 });

/** 200 of GET /wallet; Holdfast answers the same to POST /wallet, with 200 and, beside `error`, with 409. */
export const walletAnswer = z.object({
  encryptedWallet: z.string().min(1),
  sequence: z.int().min(1).max(limits3.sequence),
  hmac: z.string().min(1),
});

/** Every answer that is not 2xx, except the plain text of GET /verify. */
export const errorAnswer = z.object({ error: z.string() });

export type SignUpAnswer = z.output<typeof signUpAnswer>;
export type LogInAnswer = z.output<typeof logInAnswer>;
export type ClientSaltSeedAnswer = z.output<typeof clientSaltSeedAnswer>;
export type WalletAnswer = z.output<typeof walletAnswer>;
export type ErrorAnswer = z.output<typeof errorAnswer>;
