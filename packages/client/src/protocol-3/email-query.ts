import { utf8ToBytes } from "@noble/hashes/utils.js";
import { base64 } from "@scure/base";

/** The address as the salt-seed query wants it: base64, a line break after every 76 characters and at the end (P3C-7). */
export function encodeEmailQuery(email: string): string {
  return base64.encode(utf8ToBytes(email)).replace(/.{1,76}/g, "$&\n");
}
