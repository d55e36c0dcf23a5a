/**
 * Order of texts by code point, as Python sorts them (LBRY-4). JavaScript's own order goes by UTF-16 units and puts
 * characters beyond U+FFFF before those from U+E000.
 */

/** Negative, zero or positive, for `sort`. */
export function compareCodePoints(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  let at = 0;
  while (at < shorter && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  if (at > 0 && isHighSurrogate(left.charCodeAt(at - 1))) {
    // The difference may lie in the second half of one character.
    const difference = codePoint(left, at - 1) - codePoint(right, at - 1);
    if (difference !== 0) return difference;
  }
  return codePoint(left, at) - codePoint(right, at);
}

function codePoint(text: string, at: number): number {
  return text.codePointAt(at) ?? -1;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
