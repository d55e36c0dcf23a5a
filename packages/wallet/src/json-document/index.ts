/** Any app's JSON document as a wallet format. */
export { formatJson, type JsonFormat } from "../json/format-json.ts";
export { type JsonLimits, parseJson } from "../json/parse-json.ts";
export type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
export { WalletError, type WalletErrorCode } from "../lbry/wallet-error.ts";
export { createJsonFormat, type JsonFormatOptions } from "./json-format.ts";
export type { JsonMergeSchema } from "./json-merge-schema.ts";
