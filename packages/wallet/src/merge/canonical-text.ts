/** One text per meaning, for order and hashes that must come out the same on every device. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { formatJson } from "../json/format-json.ts";
import type { JsonValue } from "../json/value.ts";
import type { Slot } from "./value-comparison.ts";

/** Equal for values equal in meaning, different otherwise; empty for what is absent. */
export function canonicalText(slot: Slot): string {
  return slot === undefined ? "" : formatJson(slot, { sortKeys: true });
}

/** 32 hex digits that name a value. */
export function shortHash(value: JsonValue): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalText(value)))).slice(0, 32);
}
