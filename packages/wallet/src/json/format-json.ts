/**
 * Writes JSON exactly as Python's `json.dumps` does (LBRY-2 to LBRY-4): ASCII only, `, ` and `: ` as separators.
 * Wallet hashes are made over this text, so every byte counts.
 */
import { WalletError } from "../lbry/wallet-error.ts";
import { compareCodePoints } from "./code-point-order.ts";
import { defaultJsonLimits } from "./parse-json.ts";
import { formatFloat } from "./python-float.ts";
import type { JsonArray, JsonObject, JsonValue } from "./value.ts";

export interface JsonFormat {
  /** Spaces per level; without it, everything is on one line. */
  readonly indent?: number;
  /** Sorts keys by code point at every level instead of keeping their order. */
  readonly sortKeys?: boolean;
}

/** The JSON text of a value; throws `too-deep` for what `parseJson` would not read back. */
export function formatJson(value: JsonValue, format: JsonFormat = {}): string {
  const parts: string[] = [];
  new JsonWriter(parts, format).write(value, 0);
  return parts.join("");
}

class JsonWriter {
  readonly #parts: string[];
  readonly #indent: number | undefined;
  readonly #sortKeys: boolean;

  constructor(parts: string[], { indent, sortKeys = false }: JsonFormat) {
    this.#parts = parts;
    this.#indent = indent;
    this.#sortKeys = sortKeys;
  }

  write(value: JsonValue, depth: number): void {
    if (typeof value === "string") this.#parts.push(formatString(value));
    else if (typeof value === "number") this.#parts.push(formatFloat(value));
    else if (value === null || typeof value !== "object") this.#parts.push(String(value));
    else if (isArray(value)) this.#writeArray(value, depth + 1);
    else this.#writeObject(value, depth + 1);
  }

  #writeArray(items: JsonArray, depth: number): void {
    if (items.length === 0) return void this.#parts.push("[]");
    let before = this.#open("[", depth);
    for (const item of items) {
      this.#parts.push(before);
      this.write(item, depth);
      before = this.#between(depth);
    }
    this.#close("]", depth);
  }

  #writeObject(object: JsonObject, depth: number): void {
    if (object.size === 0) return void this.#parts.push("{}");
    let before = this.#open("{", depth);
    for (const [key, value] of this.#entries(object)) {
      this.#parts.push(before, formatString(key), ": ");
      this.write(value, depth);
      before = this.#between(depth);
    }
    this.#close("}", depth);
  }

  #entries(object: JsonObject): Iterable<readonly [string, JsonValue]> {
    if (!this.#sortKeys) return object;
    return [...object].sort(([left], [right]) => compareCodePoints(left, right));
  }

  #open(bracket: string, depth: number): string {
    if (depth > defaultJsonLimits.maxDepth) {
      throw new WalletError(
        "too-deep",
        `This value nests deeper than ${defaultJsonLimits.maxDepth} levels, so LBRY could not read it back.`,
      );
    }
    this.#parts.push(bracket);
    return this.#lineBreak(depth);
  }

  #between(depth: number): string {
    return this.#indent === undefined ? ", " : `,${this.#lineBreak(depth)}`;
  }

  #close(bracket: string, depth: number): void {
    this.#parts.push(this.#lineBreak(depth - 1), bracket);
  }

  #lineBreak(depth: number): string {
    return this.#indent === undefined ? "" : `\n${" ".repeat(this.#indent * depth)}`;
  }
}

function isArray(value: JsonArray | JsonObject): value is JsonArray {
  return Array.isArray(value);
}

const shortEscapes = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\f", "\\f"],
  ["\b", "\\b"],
]);

function formatString(text: string): string {
  const escaped = text.replace(
    /["\\]|[^ -~]/g,
    (unit) => shortEscapes.get(unit) ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `"${escaped}"`;
}
