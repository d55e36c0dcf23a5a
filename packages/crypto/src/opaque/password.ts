/** Passwords as OPAQUE takes them (P4C-71): NFKC, so that every keyboard's spelling of one password is the same bytes. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { invalidArgument } from "../crypto-error.ts";
import { limits } from "../limits.ts";

/** Throws `invalid-argument` for an empty password, one of more than 4096 bytes, and text that is not Unicode. */
export function normalizePassword(typed: string): string {
  const password = typed.normalize("NFKC");
  const isText = password.isWellFormed();
  if (password === "" || !isText || utf8ToBytes(password).length > limits.passwordBytes) {
    throw invalidArgument("A password is Unicode text of 1 to 4096 bytes.");
  }
  return password;
}
