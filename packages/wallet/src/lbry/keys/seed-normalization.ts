/**
 * How a typed seed phrase becomes the text that keys are made of (LBRY-41): NFKD, lower case, no
 * combining marks, single spaces, no spaces between CJK characters. Python's notions of white space and
 * combining marks hold, because the same phrase must give the same keys as in the SDK.
 */
import { WalletError } from "../wallet-error.ts";

const cjk =
  "\\u1100-\\u11ff\\u2e80-\\u2fdf\\u2ff0-\\u2fff\\u3040-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff" +
  "\\ua000-\\ua4ff\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\uff00-\\uffef" +
  "\\u{16f00}-\\u{16f9f}\\u{1b000}-\\u{1b0ff}\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2b81f}" +
  "\\u{2f800}-\\u{2fa1d}\\u{e0100}-\\u{e01ef}";
const spaceBetweenCjk = new RegExp(`(?<=[${cjk}]) (?=[${cjk}])`, "gu");

const pythonSpaces = new Set(
  "\t\n\v\f\r\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006" +
    "\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
);

/** The words of a phrase as Python's `str.split()` finds them. */
export function splitWords(phrase: string): string[] {
  const words: string[] = [];
  let start = 0;
  for (let i = 0; i <= phrase.length; i += 1) {
    if (i < phrase.length && !pythonSpaces.has(phrase.charAt(i))) continue;
    if (i > start) words.push(phrase.slice(start, i));
    start = i + 1;
  }
  return words;
}

const longestPhrase = 4096;

/** The text that seed bytes are derived from; throws `malformed-seed` for text that is no valid Unicode or far too long. */
export function normalizeSeedPhrase(phrase: string): string {
  // Normalisation takes time quadratic in the number of combining marks in a row.
  if (phrase.length > longestPhrase) {
    throw new WalletError(
      "malformed-seed",
      "An account's seed phrase is thousands of characters long, so it is not one.",
    );
  }
  if (!phrase.isWellFormed()) {
    throw new WalletError(
      "malformed-seed",
      "The seed phrase holds a broken character, so no keys can be made of it.",
    );
  }
  const bare = phrase
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, (mark) => (hasCombiningClass(mark) ? "" : mark));
  return splitWords(bare).join(" ").replace(spaceBetweenCjk, "");
}

/**
 * Whether a mark's canonical combining class is not 0, which JavaScript does not tell directly:
 * normalisation moves it before a mark of class 240, or moves a mark of class 1 before it.
 */
function hasCombiningClass(mark: string): boolean {
  const afterHighest = `\u0345${mark}`;
  const beforeLowest = `${mark}\u0334`;
  return (
    afterHighest.normalize("NFD") !== afterHighest || beforeLowest.normalize("NFD") !== beforeLowest
  );
}
