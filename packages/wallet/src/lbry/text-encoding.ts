/**
 * Bytes to text as Python's `json.loads` does it (LBRY-10): UTF-8, UTF-16 or UTF-32, told apart by a byte order mark or by
 * where the zero bytes are; encoded surrogates pass.
 */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { WalletError } from "./wallet-error.ts";

/** The text of JSON bytes, without a byte order mark; throws `malformed-json`. */
export function decodeJsonText(bytes: Uint8Array): string {
  const { width, littleEndian, skip } = detectEncoding(bytes);
  const content = bytes.subarray(skip);
  const text = new TextBuilder();
  if (width === 1) readUtf8(content, text);
  else readWide(content, width, littleEndian, text);
  return text.toString();
}

/** The text of UTF-8 bytes, all of them; throws `malformed-json` for anything else, encoded surrogates included. */
export function decodeStrictUtf8(bytes: Uint8Array): string {
  const text = new TextBuilder();
  readUtf8(bytes, text);
  const decoded = text.toString();
  // Surrogates that pass one by one can form a pair, but take two bytes more than its own form.
  if (utf8ToBytes(decoded).length !== bytes.length || !decoded.isWellFormed()) throw notText();
  return decoded;
}

interface Encoding {
  /** Bytes per unit: UTF-8, UTF-16 or UTF-32. */
  readonly width: 1 | 2 | 4;
  readonly littleEndian: boolean;
  /** Length of the byte order mark. */
  readonly skip: number;
}

function detectEncoding(bytes: Uint8Array): Encoding {
  const [a, b, c, d] = bytes;
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return wide(4, false, 4);
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return wide(4, true, 4);
  if (a === 0xfe && b === 0xff) return wide(2, false, 2);
  if (a === 0xff && b === 0xfe) return wide(2, true, 2);
  if (a === 0xef && b === 0xbb && c === 0xbf) return { width: 1, littleEndian: false, skip: 3 };
  if (bytes.length >= 4) {
    if (a === 0) return wide(b === 0 ? 4 : 2, false, 0);
    if (b === 0) return wide(c === 0 && d === 0 ? 4 : 2, true, 0);
  } else if (bytes.length === 2) {
    if (a === 0) return wide(2, false, 0);
    if (b === 0) return wide(2, true, 0);
  }
  return { width: 1, littleEndian: false, skip: 0 };
}

function wide(width: 2 | 4, littleEndian: boolean, skip: number): Encoding {
  return { width, littleEndian, skip };
}

function readWide(bytes: Uint8Array, width: 2 | 4, littleEndian: boolean, text: TextBuilder): void {
  if (bytes.length % width !== 0) throw notText();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += width) {
    if (width === 2) text.addUnit(view.getUint16(at, littleEndian));
    else text.addCodePoint(view.getUint32(at, littleEndian));
  }
}

function readUtf8(bytes: Uint8Array, text: TextBuilder): void {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at] ?? 0;
    at += 1;
    if (lead < 0x80) {
      text.addUnit(lead);
      continue;
    }
    const more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4) throw notText();
    let codePoint = lead & (0x3f >> more);
    for (let i = 0; i < more; i += 1) {
      const byte = bytes[at] ?? 0;
      if (byte >> 6 !== 2) throw notText();
      codePoint = (codePoint << 6) | (byte & 0x3f);
      at += 1;
    }
    const least = [0, 0x80, 0x800, 0x10000][more] ?? 0;
    if (codePoint < least) throw notText();
    text.addCodePoint(codePoint);
  }
}

/** Collects UTF-16 units and turns them to text in portions that fit on the stack. */
class TextBuilder {
  readonly #units = new Uint16Array(8192);
  #length = 0;
  readonly #portions: string[] = [];

  addUnit(unit: number): void {
    if (this.#length === this.#units.length) this.#flush();
    this.#units[this.#length] = unit;
    this.#length += 1;
  }

  addCodePoint(codePoint: number): void {
    if (codePoint > 0x10ffff) throw notText();
    if (codePoint < 0x10000) return this.addUnit(codePoint);
    this.addUnit(0xd800 + ((codePoint - 0x10000) >> 10));
    this.addUnit(0xdc00 + ((codePoint - 0x10000) & 0x3ff));
  }

  #flush(): void {
    this.#portions.push(String.fromCharCode(...this.#units.subarray(0, this.#length)));
    this.#length = 0;
  }

  toString(): string {
    this.#flush();
    return this.#portions.join("");
  }
}

function notText(): WalletError {
  return new WalletError(
    "malformed-json",
    "The content of the packed wallet is not text, so it is not a wallet. Fetch or copy it again.",
  );
}
