import type { JsonValue } from "@holdfast/wallet/lbry";
import { formatJson } from "@holdfast/wallet/lbry";

/** Marks a value out of a wallet, which is printed without loss (1.0 stays 1.0) where plain fields are printed plainly. */
export class WalletValue {
  readonly value: JsonValue;

  constructor(value: JsonValue) {
    this.value = value;
  }
}

type JsonField =
  | null
  | undefined
  | boolean
  | number
  | bigint
  | string
  | WalletValue
  | readonly JsonField[]
  | JsonFields;

/** What a command prints with `--json`; fields that are undefined are left out. */
export interface JsonFields {
  readonly [name: string]: JsonField;
}

/** One line of JSON, without the final newline. */
export function encodeJsonLine(fields: JsonFields): string {
  return formatJson(toJsonValue(fields));
}

function toJsonValue(field: JsonField): JsonValue {
  if (field === undefined) return null;
  if (typeof field === "number") return Number.isSafeInteger(field) ? BigInt(field) : field;
  if (field === null || typeof field !== "object") return field;
  if (field instanceof WalletValue) return field.value;
  if (isList(field)) return field.map(toJsonValue);
  const entries = Object.entries(field).filter(([, value]) => value !== undefined);
  return new Map(entries.map(([name, value]) => [name, toJsonValue(value)]));
}

function isList(field: JsonFields | readonly JsonField[]): field is readonly JsonField[] {
  return Array.isArray(field);
}
