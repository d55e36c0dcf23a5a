/**
 * Which texts are e-mail addresses (P3-10): one plain RFC 5322 address of two dot-atoms and nothing around it. Quoted
 * local parts, comments, display names and domain literals are not plain; letters beyond ASCII are allowed (RFC 6532),
 * except those nobody can see.
 */
import { limits3 } from "./limits.ts";

const ATOM = String.raw`(?:[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~\-]|(?![\p{C}\p{Z}])[\u{80}-\u{10ffff}])+`;
const DOT_ATOM = `${ATOM}(?:\\.${ATOM})*`;
const ADDRESS = new RegExp(`^${DOT_ATOM}@${DOT_ATOM}$`, "u");

/** Whether a text is one plain e-mail address. */
export function isEmailAddress(text: string): boolean {
  return text.length <= limits3.emailLength && ADDRESS.test(text);
}
