/**
 * Channel keys as PEM text (LBRY-29): PKCS#8, as the SDK writes it (a key's leading zero bytes may be missing), and the older SEC1.
 */
import { HDKey } from "@scure/bip32";
import { decodeBase64 } from "./base64.ts";
import { ExtendedKey, type Network } from "./keys/index.ts";
import { WalletError } from "./wallet-error.ts";

const keyBytes = 32;
const tags = { integer: 0x02, octetString: 0x04, sequence: 0x30 };

/** The id a channel key has in an account: its address. Throws `malformed-key`. */
export function channelKeyId(pem: string, network: Network): string {
  const privateKey = parseChannelKey(pem);
  try {
    const chainCode = new Uint8Array(keyBytes);
    return new ExtendedKey(network, new HDKey({ privateKey, chainCode })).address;
  } catch {
    throw malformed();
  }
}

/** The 32 bytes of a private channel key; throws `malformed-key`, never with the key in it. */
export function parseChannelKey(pem: string): Uint8Array {
  const body = /^-----BEGIN ([A-Z ]*)-----\s([^-]*)-----END \1-----\s*$/.exec(pem)?.[2];
  if (body === undefined) throw malformed();
  let content = readElement(decodePem(body), 0, tags.sequence).content;
  let next = readElement(content, 0, tags.integer).end;
  if (content[next] === tags.sequence) {
    // PKCS#8: the algorithm, and then the SEC1 structure within a string of bytes.
    next = readElement(content, next, tags.sequence).end;
    content = readElement(content, next, tags.octetString).content;
    content = readElement(content, 0, tags.sequence).content;
    next = readElement(content, 0, tags.integer).end;
  }
  return padKey(readElement(content, next, tags.octetString).content);
}

function decodePem(body: string): Uint8Array {
  try {
    return decodeBase64(body);
  } catch {
    throw malformed();
  }
}

/** One DER element: its content and where the next one begins. */
function readElement(bytes: Uint8Array, at: number, tag: number) {
  if (bytes[at] !== tag) throw malformed();
  let start = at + 2;
  let length = bytes[at + 1] ?? 0;
  if (length >= 0x80) {
    const lengthBytes = length - 0x80;
    if (lengthBytes < 1 || lengthBytes > 2) throw malformed();
    length = 0;
    for (const byte of bytes.subarray(start, start + lengthBytes)) length = length * 256 + byte;
    start += lengthBytes;
  }
  const end = start + length;
  if (end > bytes.length) throw malformed();
  return { content: bytes.subarray(start, end), end };
}

function padKey(bytes: Uint8Array): Uint8Array {
  const firstDigit = bytes.findIndex((byte) => byte !== 0);
  const digits = firstDigit < 0 ? bytes.subarray(0, 0) : bytes.subarray(firstDigit);
  if (digits.length > keyBytes) throw malformed();
  const key = new Uint8Array(keyBytes);
  key.set(digits, keyBytes - digits.length);
  return key;
}

function malformed(): WalletError {
  return new WalletError("malformed-key", "A channel's private key in this wallet cannot be read.");
}
