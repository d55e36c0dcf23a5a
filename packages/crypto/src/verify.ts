/**
 * @holdfast/crypto/verify: what a host may import (P4C-80). Public-key checks, hashes, canonical bytes and OPAQUE's server
 * side. Nothing reachable from here can open a sealed thing or make a signature.
 */
export type { AccountContext } from "./account/account-context.ts";
export { checkChange, checkChangeInSteps } from "./account/check-change.ts";
export type { ChangeOutcome, ChangeToCheck } from "./account/check-change.ts";
export type { CredentialChange } from "./account/credential-change.ts";
export { encodeBase64url, parseBase64url } from "./bytes/base64url.ts";
export type { RandomBytes } from "./bytes/random.ts";
export type { CanonicalObject, CanonicalValue } from "./canonical/canonical-json.ts";
export { encodeCanonical, parseCanonical } from "./canonical/canonical-json.ts";
export { parseHostOrigin } from "./canonical/fields.ts";
export type { ChainBreak } from "./chain/compare-chain.ts";
export type { CryptoErrorCode } from "./crypto-error.ts";
export { CryptoError } from "./crypto-error.ts";
export { hashBytes, hashText } from "./hash/hash.ts";
export type { Hash, HostOrigin, PublicKey, SlotId, WalletId } from "./identifiers.ts";
export type { SealedKeyring } from "./keyring/sealed-keyring.ts";
export { parseSealedKeyring } from "./keyring/sealed-keyring.ts";
export { limits } from "./limits.ts";
export type {
  OpaqueCredential,
  OpaqueServer,
  OpaqueSetup,
  StartedLogin,
} from "./opaque/opaque-server.ts";
export {
  createCredentialId,
  createOpaqueSetup,
  loadOpaqueServer,
  parseOpaqueRecord,
  parseOpaqueSetup,
} from "./opaque/opaque-server.ts";
export type { AuthorityRequest } from "./request/authority-request.ts";
export { verifyRequest } from "./request/authority-request.ts";
export type { LoginPurpose, LoginStatement } from "./request/login-statement.ts";
export { verifyLogin } from "./request/login-statement.ts";
export type { RevisionsOutcome, RevisionsToCheck } from "./revision/check-revisions.ts";
export { checkRevisions, checkRevisionsInSteps } from "./revision/check-revisions.ts";
export type { WalletGeneration } from "./revision/generations.ts";
export { walletGenerations } from "./revision/generations.ts";
export type { Head, Header, VerifiedHeader } from "./revision/header.ts";
export { headOf, parseHeader, trustStoredHeader } from "./revision/header.ts";
export type { HeadersOutcome, HeadersToVerify } from "./revision/verify-headers.ts";
export { verifyHeaders } from "./revision/verify-headers.ts";
export { Secret } from "./secret/secret.ts";
export { parsePublicKey } from "./signature/public-key.ts";
export type { Signed } from "./signature/signed.ts";
export type { QuickCheck } from "./signature/verify-signature.ts";
export type { Slot, SlotKind } from "./slot/slot.ts";
export { parseSlot } from "./slot/slot.ts";
export type { NamedSlot, NamedWallet, SecurityState, SignedState } from "./state/security-state.ts";
export { parseState } from "./state/security-state.ts";
export type { Steps } from "./steps.ts";
export type { TransitionRule } from "./state/transition.ts";
export type { VerifiedState } from "./state/verified-state.ts";
export { trustStoredState } from "./state/verified-state.ts";
export type { StatesOutcome, StatesToVerify } from "./state/verify-states.ts";
export { verifyStates } from "./state/verify-states.ts";
export type { CertificateContext } from "./wallet/certificate.ts";
export { certifiedKey } from "./wallet/certificate.ts";
