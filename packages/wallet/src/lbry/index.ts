export type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
export * from "./keys/index.ts";
export { WalletError, type WalletErrorCode } from "./wallet-error.ts";
