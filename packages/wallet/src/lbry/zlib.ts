/**
 * zlib streams (LBRY-9). Any valid stream is read; bytes after its end are ignored, as in Python.
 */
import { deflate, Inflate } from "pako";
import { WalletError } from "./wallet-error.ts";

/** A zlib stream of `bytes`. Other zlib builds make other bytes of the same content. */
export function compress(bytes: Uint8Array): Uint8Array {
  return deflate(bytes);
}

/**
 * What a zlib stream holds, at most `maxBytes`; throws `invalid-password` for what has no zlib header, `malformed-blob`
 * for a damaged stream and `too-large` as soon as more comes out.
 */
export function decompress(stream: Uint8Array, maxBytes: number): Uint8Array {
  checkHeader(stream);
  const inflate = new Inflate({ windowBits: 15 });
  const chunks: Uint8Array[] = [];
  let total = 0;
  inflate.onData = (chunk) => {
    total += chunk.length;
    if (total > maxBytes) {
      throw new WalletError(
        "too-large",
        `The packed wallet unfolds to more than ${maxBytes} bytes, so it is not a wallet that LBRY made.`,
      );
    }
    chunks.push(chunk);
  };
  inflate.push(stream, true);
  if (inflate.err !== 0) throw damaged();
  return joinChunks(chunks, total);
}

/** The first two bytes tell a wrong password (noise) from a damaged stream. */
function checkHeader(stream: Uint8Array): void {
  const [method, flags] = stream;
  if (method === undefined || flags === undefined) throw damaged();
  const isZlib = (method * 256 + flags) % 31 === 0 && (method & 15) === 8 && method >> 4 <= 7;
  if (!isZlib) {
    throw new WalletError(
      "invalid-password",
      "The password is wrong: what it decrypts is not a wallet.",
    );
  }
}

function damaged(): WalletError {
  return new WalletError(
    "malformed-blob",
    "The packed wallet is damaged: the password fits, but its content cannot be unfolded. Fetch or copy it again.",
  );
}

function joinChunks(chunks: readonly Uint8Array[], total: number): Uint8Array {
  const joined = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
