/** LBRY wallets as the SDK has them: documents, blobs, hashes, merging, disk encryption and keys. */
export { formatJson, type JsonFormat } from "../json/format-json.ts";
export { type JsonLimits, parseJson } from "../json/parse-json.ts";
export type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
export { packText, type PackOptions, unpackBlob, type UnpackOptions } from "./blob.ts";
export * from "./keys/index.ts";
export { nobleScrypt, type Scrypt, type ScryptParams } from "./scrypt.ts";
export { WalletError, type WalletErrorCode } from "./wallet-error.ts";
export { mergeWallets } from "./merge-wallets.ts";
export { packWallet } from "./pack-wallet.ts";
export {
  getPreference,
  listPreferences,
  mergePreferences,
  parsePreferenceText,
  setPreference,
} from "./preferences.ts";
export { hashWallet, type HashOptions } from "./sync-hash.ts";
export {
  formatWalletFile,
  formatWalletText,
  isLocked,
  type LoadOptions,
  parseWallet,
  type WalletDocument,
} from "./wallet-document.ts";
