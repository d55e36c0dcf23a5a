/**
 * Canonical bytes: JSON as RFC 8785 writes it, of strings, integers, arrays and objects only (P4C-1). What is signed,
 * hashed or authenticated is these bytes. Reading accepts exactly what writing produces (P4C-2): it writes what it read
 * and compares, so that order, spacing, escapes, number forms and repeated keys need no checks of their own.
 */
import { utf8 } from "@scure/base";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { invalidArgument, malformed } from "../crypto-error.ts";
import { limits } from "../limits.ts";

export type CanonicalValue = string | number | readonly CanonicalValue[] | CanonicalObject;
export type CanonicalObject = { readonly [key: string]: CanonicalValue };

/** The canonical text of a value; throws `invalid-argument` for what the form has no place for. */
export function encodeCanonical(value: CanonicalValue): string {
  return write(value, 0);
}

/** The canonical bytes of a value: its text as UTF-8. */
export function canonicalBytes(value: CanonicalValue): Uint8Array {
  return utf8ToBytes(encodeCanonical(value));
}

/** The value of a canonical text of at most `maxLength` characters; throws `malformed`. */
export function parseCanonical(text: string, maxLength: number): CanonicalValue {
  if (text.length > maxLength) throw malformed("canonical text: it is too long");
  try {
    const value = JSON.parse(text) as CanonicalValue;
    if (write(value, 0) === text) return value;
  } catch {
    // Neither JSON nor within the form: refused below, like another spelling.
  }
  throw malformed("canonical text");
}

/** The value of canonical bytes, at most `maxBytes` of them; throws `malformed`. */
export function parseCanonicalBytes(bytes: Uint8Array, maxBytes: number): CanonicalValue {
  if (bytes.length > maxBytes) throw malformed("canonical text: it is too long");
  let text: string;
  try {
    text = utf8.encode(bytes);
  } catch {
    throw malformed("canonical text");
  }
  return parseCanonical(text, maxBytes);
}

function write(value: CanonicalValue, depth: number): string {
  if (depth > limits.canonicalDepth)
    throw invalidArgument("Canonical values nest 16 deep at most.");
  if (typeof value === "string") {
    if (!value.isWellFormed()) throw invalidArgument("Canonical strings hold no lone surrogate.");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw invalidArgument("Canonical numbers are safe integers.");
    return String(value);
  }
  if (typeof value !== "object" || value === null) {
    throw invalidArgument("Canonical values are strings, integers, arrays and objects.");
  }
  if (isList(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${write(key, depth + 1)}:${write(item, depth + 1)}`);
  return `{${members.join(",")}}`;
}

function isList(value: object): value is readonly CanonicalValue[] {
  return Array.isArray(value);
}
