/** LBRY wallets as the SDK has them: documents, blobs, hashes, merging, disk encryption and keys. */
export { formatJson, type JsonFormat } from "../json/format-json.ts";
export { type JsonLimits, parseJson } from "../json/parse-json.ts";
export type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
export { packText, type PackOptions, unpackBlob, type UnpackOptions } from "./blob.ts";
export * from "./keys/index.ts";
export { nobleScrypt, type Scrypt, type ScryptParams } from "./scrypt.ts";
export { WalletError, type WalletErrorCode } from "./wallet-error.ts";
