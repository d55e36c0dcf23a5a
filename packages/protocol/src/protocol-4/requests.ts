/** What clients send. Unknown fields are refused (P4-3). */
import { z } from "zod";
import * as field from "./fields.ts";
import { limits4 } from "./limits.ts";
import { certificate, device, newAccount, revision } from "./messages.ts";

/** POST /accounts/start */
export const startAccountRequest = z.strictObject({
  id: field.accountId,
  registration: field.opaque.registrationRequest,
});
/** POST /accounts/finish */
export const finishAccountRequest = newAccount;
/** POST /accounts/verify */
export const verifyAccountRequest = z.strictObject({
  registrationId: field.handle,
  code: field.mailedCode,
});

/** POST /sessions/start */
export const startSessionRequest = z.strictObject({
  id: field.accountId,
  login: field.opaque.loginRequest,
});
/** POST /sessions/finish; sent again with `mfaCode` after `mfa-required`. */
export const finishSessionRequest = z.strictObject({
  loginId: field.handle,
  finish: field.opaque.finish,
  device,
  mfaCode: field.mfaCode.optional(),
});

/** POST /sessions/challenge; `lookupId` goes with `recovery`, `pairingId` with `pairing` (P4-33). */
export const challengeSessionRequest = z.discriminatedUnion("purpose", [
  z.strictObject({
    purpose: z.literal("session"),
    identity: field.hash,
    deviceId: field.deviceId,
  }),
  z.strictObject({
    purpose: z.literal("recovery"),
    identity: field.hash,
    deviceId: field.deviceId,
    lookupId: field.nonce,
  }),
  z.strictObject({
    purpose: z.literal("pairing"),
    identity: field.hash,
    deviceId: field.deviceId,
    pairingId: field.handle,
  }),
]);
/** POST /sessions/signature; sent again with `mfaCode` after `mfa-required`. */
export const signatureSessionRequest = z.strictObject({
  nonce: field.nonce,
  signature: field.signature,
  deviceName: field.deviceName,
  mfaCode: field.mfaCode.optional(),
});

/** POST /recovery */
export const recoveryRequest = z.strictObject({ lookupId: field.nonce });

/** PATCH /account */
export const changeIdRequest = z.strictObject({ id: field.accountId });
/** POST /account/verify */
export const verifyIdRequest = z.strictObject({
  changeId: field.handle,
  code: field.mailedCode,
});

/** POST /credentials/start */
export const startCredentialsRequest = z.strictObject({
  registration: field.opaque.registrationRequest,
});

/** PUT /wallets/:walletId */
export const putWalletRequest = z.strictObject({
  ...revision.shape,
  /** With a generation's first revision. */
  certificate: field.signed.optional(),
  /** The revision before this one is kept for ever, because this one restores an old one or drops much (P4-65). */
  keepsPrevious: z.boolean().optional(),
});

/** POST /wallets/:walletId/revisions: the headers that the host lacks, oldest first, and the newest one's ciphertext. */
export const healWalletRequest = z.strictObject({
  headers: z.array(field.signed).min(1).max(limits4.headers),
  encryptedWallet: revision.shape.encryptedWallet,
  certificates: z.array(certificate).max(limits4.headers),
});

/** PUT /credentials: one new state, or when healing all that the host lacks; the pieces are those that the newest names. */
export const putCredentialsRequest = z.strictObject({
  states: z.array(field.signedState).min(1).max(limits4.states),
  slots: z.array(field.slotText).max(limits4.slots),
  keyring: field.keyringText.optional(),
  /** Where the password slot is new: from `POST /credentials/start` (or `/accounts/start`, to heal), and the record that it led to. */
  password: z
    .strictObject({ registrationId: field.handle, record: field.opaque.record })
    .optional(),
  /** When healing: what the wallets lack, where the states close generations at headers that the host does not have. */
  wallets: z
    .array(z.strictObject({ walletId: field.walletId, ...healWalletRequest.shape }))
    .max(limits4.wallets)
    .optional(),
});

/** POST /credentials/heal: the same, from a device whose token the restored host does not know (P4-59). */
export const healCredentialsRequest = z.strictObject({
  identity: field.hash,
  /** Where the second factor is on, as for any login by signature. */
  mfaCode: field.mfaCode.optional(),
  ...putCredentialsRequest.shape,
});

/** POST /mfa/totp */
export const startTotpRequest = z.strictObject({});
/** POST /mfa/totp/confirm */
export const confirmTotpRequest = z.strictObject({
  enrolmentId: field.handle,
  code: z.string().regex(/^[0-9]{6}$/),
});

/** POST /pairings, by the new device */
export const startPairingRequest = z.strictObject({ pairingId: field.handle });
/** PUT /pairings/:pairingId, by an unlocked device */
export const putPairingRequest = z.strictObject({
  message: field.upToBytes(limits4.pairingBytes),
});

/** POST /upgrade */
export const upgradeRequest = z.strictObject({
  ...newAccount.shape,
  /** What protocol 3 calls the password. */
  loginPassword: z.string().min(8).max(1024),
  /** The wallet of protocol 3 that the new one is made of; absent exactly where there is none. */
  base: z
    .strictObject({ sequence: z.int().min(1).max(0xffff_ffff), hmac: z.string().min(1) })
    .optional(),
  /** Revision 1 of the wallet `default`, exactly where `base` is. */
  wallet: z.strictObject({ ...revision.shape, certificate: field.signed }).optional(),
});

export type StartAccountRequest = z.output<typeof startAccountRequest>;
export type FinishAccountRequest = z.output<typeof finishAccountRequest>;
export type VerifyAccountRequest = z.output<typeof verifyAccountRequest>;
export type StartSessionRequest = z.output<typeof startSessionRequest>;
export type FinishSessionRequest = z.output<typeof finishSessionRequest>;
export type ChallengeSessionRequest = z.output<typeof challengeSessionRequest>;
export type SignatureSessionRequest = z.output<typeof signatureSessionRequest>;
export type RecoveryRequest = z.output<typeof recoveryRequest>;
export type ChangeIdRequest = z.output<typeof changeIdRequest>;
export type VerifyIdRequest = z.output<typeof verifyIdRequest>;
export type StartCredentialsRequest = z.output<typeof startCredentialsRequest>;
export type PutWalletRequest = z.output<typeof putWalletRequest>;
export type HealWalletRequest = z.output<typeof healWalletRequest>;
export type PutCredentialsRequest = z.output<typeof putCredentialsRequest>;
export type HealCredentialsRequest = z.output<typeof healCredentialsRequest>;
export type ConfirmTotpRequest = z.output<typeof confirmTotpRequest>;
export type StartPairingRequest = z.output<typeof startPairingRequest>;
export type PutPairingRequest = z.output<typeof putPairingRequest>;
export type UpgradeRequest = z.output<typeof upgradeRequest>;
