/**
 * @holdfast/crypto: the cryptographic half of protocol 4, for clients. Everything that a host may import too is in
 * `./verify`; here comes what needs keys.
 */
export * from "./verify.ts";

export type { CredentialUpdate } from "./account/change-credentials.ts";
export { changeCredentials } from "./account/change-credentials.ts";
export { createAccount } from "./account/create-account.ts";
export type { ChangedAccount, ChangeEnvironment } from "./account/draft.ts";
export type { Rotation } from "./account/rotate-account.ts";
export { rotateAccount } from "./account/rotate-account.ts";
export type { UnlockedAccount } from "./account/unlocked-account.ts";
export { unlockAccount } from "./account/unlocked-account.ts";
export type { Fingerprint, WalletHead } from "./fingerprint/fingerprint.ts";
export {
  headFingerprint,
  identityFingerprint,
  viewFingerprint,
} from "./fingerprint/fingerprint.ts";
export type { Picture, Tile } from "./fingerprint/picture.ts";
export { describePicture } from "./fingerprint/picture.ts";
export type { Keyring, KeyringWallet } from "./keyring/keyring.ts";
export { secretOf } from "./keyring/keyring.ts";
export type {
  LoginOutcome,
  OpaqueClient,
  OpaqueRound,
  RegisteredPassword,
} from "./opaque/opaque-client.ts";
export { loadOpaqueClient } from "./opaque/opaque-client.ts";
export type { Invitation } from "./pairing/invitation.ts";
export { encodeInvitation, parseInvitation } from "./pairing/invitation.ts";
export type { OpenPairing } from "./pairing/pairing-message.ts";
export { createPairing, openPairing, sealPairing } from "./pairing/pairing-message.ts";
export type { PairedAccount, PairedHead } from "./pairing/pairing-payload.ts";
export type { PhraseOutcome, RecoveryEntropy } from "./phrase/recovery-phrase.ts";
export {
  createRecoveryPhrase,
  parseRecoveryPhrase,
  recoveryLookupId,
  recoveryReference,
  recoveryWords,
} from "./phrase/recovery-phrase.ts";
export { signLogin, signRequest } from "./request/sign-request.ts";
export type { RevisionContent } from "./revision/content.ts";
export type { RevisionToSeal, SealedRevision } from "./revision/seal-revision.ts";
export { openRevision, sealRevision } from "./revision/seal-revision.ts";
export type { AccountKey, NewSlot } from "./slot/seal-slot.ts";
export { openSlot } from "./slot/seal-slot.ts";
export type { SlotKey } from "./slot/slot-key.ts";
export {
  passkeyPrfInput,
  passkeySlotKey,
  passwordSlotKey,
  recoverySlotKey,
} from "./slot/slot-key.ts";
export type { GenerationKeys, GenerationSecret } from "./wallet/generation-keys.ts";
export { generationKeys } from "./wallet/generation-keys.ts";
export { signCertificate } from "./wallet/sign-certificate.ts";
export { parseWalletName, walletIdOf } from "./wallet/wallet-id.ts";
