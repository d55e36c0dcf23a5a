/**
 * Reads a body as JSON of exactly one meaning (P4-3): UTF-8, no name twice in one object, nothing nested deeper or made of more
 * pieces than any message is, so that a body costs no more time and memory than its bytes. The scan looks at structure only
 * and skips over texts; whether it is JSON at all is the parser's to say.
 */
import { isUtf8 } from "node:buffer";
import { limits4 } from "@holdfast/protocol/protocol-4";

/** The value, undefined when the bytes are anything else. */
export function parseStrictJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  try {
    return hasOneMeaning(text) ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** May throw SyntaxError for a name that is no JSON text. */
function hasOneMeaning(text: string): boolean {
  /** The names so far of each object that is open; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let at = 0;
  for (let pieces = 0; at < text.length; pieces += 1) {
    if (pieces > limits4.bodyPieces) return false;
    const start = at;
    at += 1;
    const character = text[start];
    if (character === '"') {
      at = endOfText(text, start);
      const names = open.at(-1);
      if (names === undefined || !isName(text, at)) continue;
      const name = JSON.parse(text.slice(start, at)) as string;
      if (names.has(name)) return false;
      names.add(name);
    } else if (character === "{") open.push(new Set());
    else if (character === "[") open.push(undefined);
    else if (character === "}" || character === "]") open.pop();
    if (open.length > limits4.bodyDepth) return false;
  }
  return true;
}

/** Behind the closing quote of the text that begins at `start`. */
function endOfText(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote === -1 ? text.length : quote + 1;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function isName(text: string, end: number): boolean {
  let at = end;
  while (" \t\r\n".includes(text[at] ?? "x")) at += 1;
  return text[at] === ":";
}
