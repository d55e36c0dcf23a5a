/** LBRY wallets as the SDK has them: documents, blobs, hashes, merging, disk encryption and keys. */
export { formatJson, type JsonFormat } from "../json/format-json.ts";
export { type JsonLimits, parseJson } from "../json/parse-json.ts";
export type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
export type { InitVectorSource } from "./account-encryption.ts";
export { type AppliedSync, applySync, type ApplySyncOptions } from "./apply-sync.ts";
export { packText, type PackOptions, unpackBlob, type UnpackOptions } from "./blob.ts";
export { addAccount, createAccount, emptyWallet, type NewAccount } from "./create-wallet.ts";
export {
  decryptWallet,
  encryptWallet,
  type EncryptOptions,
  listUnlockRisks,
  unlockWallet,
} from "./encrypt-wallet.ts";
export { type AccountSummary, inspectWallet, type WalletSummary } from "./inspect-wallet.ts";
export * from "./keys/index.ts";
export type { Change, Conflict, ConflictChoice } from "../merge/wallet-format.ts";
export { type MergeOptions, mergeWallets } from "./merge-wallets.ts";
export { packWallet } from "./pack-wallet.ts";
export {
  getPreference,
  listPreferences,
  mergePreferences,
  parsePreferenceText,
  setPreference,
} from "./preferences.ts";
export { sameContent } from "./same-content.ts";
export { nobleScrypt, type Scrypt, type ScryptParams } from "./scrypt.ts";
export {
  decryptSdkWallet,
  encryptSdkWallet,
  hashSdkWallet,
  lockSdkWallet,
  openSdkWallet,
  type SavedWallet,
  type SaveOptions,
  saveSdkWallet,
  type SdkWallet,
  unlockSdkWallet,
} from "./sdk-wallet.ts";
export { type HashOptions, hashWallet } from "./sync-hash.ts";
export {
  isSecretPath,
  lbryFormat,
  lockNotes,
  notesPreference,
  putNotes,
  unlockNotes,
} from "./three-way/index.ts";
export {
  formatWalletFile,
  formatWalletText,
  isLocked,
  type LoadOptions,
  parseWallet,
  parseWalletFile,
  type WalletDocument,
} from "./wallet-document.ts";
export { WalletError, type WalletErrorCode } from "./wallet-error.ts";
