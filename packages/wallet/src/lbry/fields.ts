/**
 * Reading fields of JSON that others wrote (LBRY-13): a wrong type is a typed error that names the field, never its content.
 */
import type { JsonArray, JsonObject, JsonValue } from "../json/value.ts";
import { WalletError } from "./wallet-error.ts";

/** Whether a value is a JSON object. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map;
}

/** Whether a value is a number of either kind; truth values are none. */
export function isNumber(value: JsonValue | undefined): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

/** Whether Python takes a value for true. */
export function isTruthy(value: JsonValue | undefined): boolean {
  if (isObject(value)) return value.size > 0;
  if (Array.isArray(value)) return value.length > 0;
  return Boolean(value) || Number.isNaN(value);
}

/** An object, or throws `malformed-wallet`. */
export function objectOf(value: JsonValue | undefined, what: string): JsonObject {
  if (!isObject(value)) throw wrongType(what, "an object");
  return value;
}

/** A list, or throws `malformed-wallet`. */
export function arrayOf(value: JsonValue | undefined, what: string): JsonArray {
  if (!Array.isArray(value)) throw wrongType(what, "a list");
  return value as JsonArray;
}

/** A text or null, the empty text if the field is absent; otherwise throws `malformed-wallet`. */
export function optionalText(value: JsonValue | undefined, what: string): string | null {
  if (value === undefined) return "";
  if (value !== null && typeof value !== "string") throw wrongType(what, "a text");
  return value;
}

/** A number without its fraction, as Python's `int()`; throws `malformed-wallet` for what has none. */
export function wholeNumberOf(value: JsonValue | undefined, what: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrongType(what, "a number");
  return BigInt(Math.trunc(value));
}

/** The error for a field of a wrong type. */
export function wrongType(what: string, expected: string): WalletError {
  return new WalletError(
    "malformed-wallet",
    `This is not a wallet LBRY could load: ${what} is not ${expected}. Nothing was changed.`,
  );
}
