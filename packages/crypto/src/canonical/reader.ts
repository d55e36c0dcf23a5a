/**
 * Readers of canonical values into exact types (P4C-2): every field is named, none is unknown, none is missing, each has
 * bounds. A reader throws `malformed` and never repeats what it read.
 */
import { parseBase64url } from "../bytes/base64url.ts";
import { malformed } from "../crypto-error.ts";
import type { CanonicalObject, CanonicalValue } from "./canonical-json.ts";

export type Reader<T> = (value: CanonicalValue) => T;

/** A field that a `record` may leave out. */
export interface Optional<T> {
  readonly optional: Reader<T>;
}
export type Shape = Readonly<Record<string, Reader<CanonicalValue> | Optional<CanonicalValue>>>;
type RequiredKeys<S extends Shape> = {
  [K in keyof S]: S[K] extends Optional<CanonicalValue> ? never : K;
}[keyof S];

/** The object type that a shape reads. */
export type Read<S extends Shape> = {
  readonly [K in RequiredKeys<S>]: S[K] extends Reader<infer T> ? T : never;
} & {
  readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: S[K] extends Optional<infer T> ? T : never;
};

/** A field that may be absent. */
export function optional<T extends CanonicalValue>(reader: Reader<T>): Optional<T> {
  return { optional: reader };
}

/** An object with exactly these fields; `what` names it in the error. */
export function record<S extends Shape>(what: string, shape: S): Reader<Read<S>> {
  return (value) => {
    if (!isObject(value)) throw malformed(what);
    for (const key of Object.keys(value)) if (!Object.hasOwn(shape, key)) throw malformed(what);
    const fields: Record<string, CanonicalValue> = {};
    for (const [key, field] of Object.entries(shape)) {
      const item = Object.hasOwn(value, key) ? value[key] : undefined;
      if (item !== undefined) {
        fields[key] = typeof field === "function" ? field(item) : field.optional(item);
      } else if (typeof field === "function") throw malformed(what);
    }
    return fields as Read<S>;
  };
}

export function list<T>(reader: Reader<T>, maxItems: number): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > maxItems) throw malformed("list");
    return (value as readonly CanonicalValue[]).map((item) => reader(item));
  };
}

export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (value) => {
    if (typeof value !== "number" || value < least || value > most) throw malformed("number");
    return value;
  };
}

/** Text of at most `maxLength` UTF-16 units. */
export function text(maxLength: number): Reader<string> {
  return (value) => {
    if (typeof value !== "string" || value.length > maxLength) throw malformed("text");
    return value;
  };
}

/** Base64url text of exactly `length` bytes. */
export function bytesText<T extends string = string>(length: number): Reader<T> {
  return (value) => {
    if (typeof value !== "string") throw malformed("base64url text");
    parseBase64url(value, length);
    return value as T;
  };
}

/** One of the given texts or numbers. */
export function oneOf<const T extends string | number>(...choices: readonly T[]): Reader<T> {
  return (value) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw malformed("value");
    return found;
  };
}

function isObject(value: CanonicalValue): value is CanonicalObject {
  return typeof value === "object" && !Array.isArray(value);
}
