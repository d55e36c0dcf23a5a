/**
 * Reads JSON exactly as Python's `json.loads` does and loses nothing on the way (LBRY-1 to LBRY-5).
 *
 * One pass over the text, so linear in its length; depth, length and digits are capped, so that hostile text
 * gives a typed error soon and never exhausts the stack or the processor.
 */
import { WalletError } from "../lbry/wallet-error.ts";
import type { JsonValue } from "./value.ts";

export interface JsonLimits {
  /** Longest text, in UTF-16 units. */
  readonly maxLength: number;
  /** Deepest nesting of lists and objects. */
  readonly maxDepth: number;
  /** Longest integer, in decimal digits. */
  readonly maxDigits: number;
}

/** What the SDK itself could still read: Python gives up at about 1000 levels and beyond 4300 digits. */
export const defaultJsonLimits: JsonLimits = {
  maxLength: 16 * 1024 * 1024,
  maxDepth: 500,
  maxDigits: 4300,
};

/** The value a JSON text stands for; throws `malformed-json`, `too-large` or `too-deep`. */
export function parseJson(text: string, limits: Partial<JsonLimits> = {}): JsonValue {
  const { maxLength, maxDepth, maxDigits } = { ...defaultJsonLimits, ...limits };
  if (text.length > maxLength) {
    throw new WalletError(
      "too-large",
      `This JSON text has ${text.length} characters, more than the ${maxLength} that are read.`,
    );
  }
  return new JsonReader(text, maxDepth, maxDigits).readDocument();
}

const numberPattern = /(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
// eslint-disable-next-line no-control-regex -- JSON forbids exactly these in strings
const plainCharacters = /[^"\\\u0000-\u001f]*/y;
const whitespace = /[ \t\n\r]*/y;
const fourHexDigits = /[0-9a-fA-F]{4}/y;

const constants = new Map<string | undefined, readonly [text: string, value: JsonValue]>([
  ["n", ["null", null]],
  ["t", ["true", true]],
  ["f", ["false", false]],
  ["N", ["NaN", NaN]],
  ["I", ["Infinity", Infinity]],
  ["-", ["-Infinity", -Infinity]],
]);

const escapes = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #maxDigits: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, maxDepth: number, maxDigits: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#maxDigits = maxDigits;
  }

  readDocument(): JsonValue {
    this.#match(whitespace);
    const value = this.#readValue();
    this.#match(whitespace);
    if (this.#at < this.#text.length) throw this.#malformed("there is text after its end");
    return value;
  }

  #readValue(): JsonValue {
    switch (this.#text[this.#at] ?? "") {
      case '"':
        return this.#readString();
      case "{":
        return this.#nested(() => this.#readObject());
      case "[":
        return this.#nested(() => this.#readArray());
      default:
        return this.#readConstantOrNumber();
    }
  }

  #nested<Value>(read: () => Value): Value {
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) {
      throw new WalletError(
        "too-deep",
        `This JSON text nests deeper than ${this.#maxDepth} levels, so it is not a wallet that LBRY wrote.`,
      );
    }
    this.#at += 1;
    const value = read();
    this.#depth -= 1;
    return value;
  }

  #readObject(): ReadonlyMap<string, JsonValue> {
    // Setting a key again keeps its place and takes the last value: Map and Python's dict agree.
    const object = new Map<string, JsonValue>();
    if (this.#endsEmpty("}")) return object;
    for (;;) {
      if (this.#text[this.#at] !== '"') throw this.#malformed("a name in double quotes is missing");
      const key = this.#readString();
      this.#match(whitespace);
      if (this.#text[this.#at] !== ":") throw this.#malformed("a colon is missing");
      this.#at += 1;
      this.#match(whitespace);
      object.set(key, this.#readValue());
      if (this.#endsAfterItem("}")) return object;
    }
  }

  #readArray(): readonly JsonValue[] {
    const items: JsonValue[] = [];
    if (this.#endsEmpty("]")) return items;
    for (;;) {
      items.push(this.#readValue());
      if (this.#endsAfterItem("]")) return items;
    }
  }

  #endsEmpty(close: string): boolean {
    this.#match(whitespace);
    if (this.#text[this.#at] !== close) return false;
    this.#at += 1;
    return true;
  }

  #endsAfterItem(close: string): boolean {
    this.#match(whitespace);
    const next = this.#text[this.#at];
    if (next !== close && next !== ",") throw this.#malformed("a comma is missing");
    this.#at += 1;
    if (next === close) return true;
    this.#match(whitespace);
    return false;
  }

  #readString(): string {
    this.#at += 1;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.#match(plainCharacters));
      const next = this.#text[this.#at];
      if (next === '"') {
        this.#at += 1;
        return parts.length === 1 ? (parts[0] ?? "") : parts.join("");
      }
      if (next === undefined) throw this.#malformed("a string has no end");
      if (next !== "\\") throw this.#malformed("a string holds a raw control character");
      parts.push(this.#readEscape());
    }
  }

  #readEscape(): string {
    const letter = this.#text[this.#at + 1] ?? "";
    if (letter !== "u") {
      const character = escapes.get(letter);
      if (character === undefined) throw this.#malformed("a string has an unknown escape");
      this.#at += 2;
      return character;
    }
    this.#at += 2;
    const digits = this.#match(fourHexDigits);
    if (digits === "") throw this.#malformed("a string has an incomplete escape");
    // A pair of surrogates becomes one character by standing side by side; a lone one stays what it is.
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #readConstantOrNumber(): JsonValue {
    const constant = constants.get(this.#text[this.#at]);
    if (constant !== undefined && this.#text.startsWith(constant[0], this.#at)) {
      this.#at += constant[0].length;
      return constant[1];
    }
    numberPattern.lastIndex = this.#at;
    const found = numberPattern.exec(this.#text);
    if (found === null) throw this.#malformed("a value is missing");
    const [whole, integer = "", fraction, exponent] = found;
    this.#at += whole.length;
    if (fraction !== undefined || exponent !== undefined) return Number(whole);
    const digits = integer.startsWith("-") ? integer.length - 1 : integer.length;
    if (digits > this.#maxDigits) {
      throw new WalletError(
        "too-large",
        `This JSON text has an integer of more than ${this.#maxDigits} digits, which LBRY cannot read.`,
      );
    }
    return BigInt(integer);
  }

  /** Steps over what a sticky pattern finds here, possibly nothing. */
  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += text.length;
    return text;
  }

  // The position says where to look; the text itself could be secret and is never quoted.
  #malformed(problem: string): WalletError {
    const position = Math.min(this.#at, this.#text.length);
    const cause = this.#text.length === 0 ? "it is empty" : `${problem} at character ${position}`;
    return new WalletError("malformed-json", `This is not valid JSON: ${cause}.`);
  }
}
