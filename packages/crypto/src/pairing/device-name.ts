/** Device names as people read them: 1 to 64 printable characters. */
import type { CanonicalValue } from "../canonical/canonical-json.ts";
import { malformed } from "../crypto-error.ts";

/** Throws `malformed` for other values, and for names that could pass for something else: control characters, direction marks, outer spaces. */
export function parseDeviceName(value: CanonicalValue): string {
  const isName =
    typeof value === "string" &&
    value.length >= 1 &&
    value.length <= 64 &&
    value === value.normalize("NFC").trim() &&
    !/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(value);
  if (!isName) throw malformed("device name");
  return value;
}
