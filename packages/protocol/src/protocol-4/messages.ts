/** What several requests and answers are made of. */
import { z } from "zod";
import * as field from "./fields.ts";
import { limits4 } from "./limits.ts";

/** The device that a session is for. */
export const device = z.strictObject({ deviceId: field.deviceId, name: field.deviceName });

/** One revision of a wallet: its signed header, and nonce ‖ ciphertext ‖ tag. */
export const revision = z.strictObject({
  header: field.signed,
  encryptedWallet: field.upToBytes(64 * limits4.walletBytes),
});
export type Revision = z.output<typeof revision>;

/** Writer certificates by generation, as they come with a generation's first revision. */
export const certificate = z.strictObject({ generation: field.ordinal, certificate: field.signed });

/** What an account begins with. */
export const newAccount = z.strictObject({
  registrationId: field.handle,
  record: field.opaque.record,
  state: field.signedState,
  slots: z.array(field.slotText).min(1).max(limits4.slots),
  keyring: field.keyringText,
  device,
});

/** Everything by which a device opens an account: for the states from `states[0]` on. */
export const credentials = z.object({
  identity: field.hash,
  states: z.array(field.signedState),
  slots: z.array(field.slotText),
  keyring: field.keyringText,
});
export type Credentials = z.output<typeof credentials>;

export const session = z.object({
  token: field.token,
  sessionId: field.handle,
  /** Grows with use. */
  expiresAt: field.timeMs,
});
export type SessionAnswer = z.output<typeof session>;

/** A wallet's newest revision, or its absence. */
export const walletHead = z.object({
  walletId: field.walletId,
  generation: field.ordinal,
  sequence: field.ordinal.optional(),
  hash: field.hash.optional(),
  /** When the host stored it. */
  updatedAt: field.timeMs.optional(),
});
export type WalletHead4 = z.output<typeof walletHead>;
