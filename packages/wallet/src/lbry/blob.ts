/**
 * The synced blob: base64("s:8192:16:1:" ‖ IV ‖ AES-256-CBC/PKCS#7(zlib(text))), with a key scrypt makes from the password and
 * the IV as its salt (LBRY-6 to LBRY-11). It has no authentication of its own.
 *
 * Who sends a blob chooses its scrypt parameters and how far it unfolds: both are capped before work is done for them.
 */
import { cbc } from "@noble/ciphers/aes.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { parseJson } from "../json/parse-json.ts";
import { decodeBase64, encodeBase64 } from "./base64.ts";
import { passwordBytes } from "./password.ts";
import { maxScryptWork, nobleScrypt, type Scrypt, type ScryptParams } from "./scrypt.ts";
import { decodeJsonText } from "./text-encoding.ts";
import { WalletError } from "./wallet-error.ts";
import { compress, decompress } from "./zlib.ts";

const ivBytes = 16;
const ownHeader = "s:8192:16:1:";
const ownParams: ScryptParams = { N: 8192, r: 16, p: 1, dkLen: 32 };
const maxN = 2 ** 20;
const maxRTimesP = 32;

/** Most bytes a blob may unfold to, unless told otherwise. */
const defaultMaxUnpackedBytes = 16 * 1024 * 1024;

export interface PackOptions {
  /** 16 random bytes, never used before: they are init vector and salt in one. */
  readonly iv: Uint8Array;
  readonly scrypt?: Scrypt;
}

export interface UnpackOptions {
  readonly scrypt?: Scrypt;
  /** Most bytes of text inside; `too-large` beyond. */
  readonly maxBytes?: number;
}

/** Packs any text into a blob the SDK can read. */
export async function packText(
  text: string,
  password: string,
  { iv, scrypt = nobleScrypt }: PackOptions,
): Promise<string> {
  if (iv.length !== ivBytes) throw new RangeError(`an init vector has ${ivBytes} bytes`);
  if (!text.isWellFormed()) {
    throw new WalletError(
      "malformed-json",
      "This text holds half a character, so it cannot be packed without changing it.",
    );
  }
  const key = await scrypt(passwordBytes(password), iv, ownParams);
  const encrypted = cbc(key, iv).encrypt(compress(utf8ToBytes(text)));
  return encodeBase64(concatBytes(utf8ToBytes(ownHeader), iv, encrypted));
}

/**
 * The JSON text inside a blob, unchanged. Throws `invalid-password`, `malformed-blob`, `malformed-json`, `unsupported-kdf`, `too-large` or
 * `too-deep`; a damaged blob often looks like a wrong password, since nothing authenticates it.
 */
export async function unpackBlob(
  blob: string,
  password: string,
  { scrypt = nobleScrypt, maxBytes = defaultMaxUnpackedBytes }: UnpackOptions = {},
): Promise<string> {
  // Base64 of incompressible text; the rest of the doubling leaves room for line breaks.
  if (blob.length > 2 * maxBytes + 1024) {
    throw new WalletError(
      "too-large",
      `The packed wallet has ${blob.length} characters, more than this program reads.`,
    );
  }
  const { params, iv, encrypted } = splitBlob(decodeBase64(blob));
  const key = await scrypt(passwordBytes(password), iv, params);
  const text = decodeJsonText(decompress(decrypt(key, iv, encrypted), maxBytes));
  parseJson(text);
  return text;
}

function decrypt(key: Uint8Array, iv: Uint8Array, encrypted: Uint8Array): Uint8Array {
  try {
    return cbc(key, iv).decrypt(encrypted);
  } catch (cause) {
    throw new WalletError(
      "invalid-password",
      "The password is wrong, or the packed wallet is damaged.",
      { cause },
    );
  }
}

function splitBlob(bytes: Uint8Array) {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < 4) {
    const colon = bytes.indexOf(0x3a, at);
    if (colon < 0) throw malformed("it does not begin as one");
    fields.push(asciiText(bytes.subarray(at, colon)));
    at = colon + 1;
  }
  const iv = bytes.subarray(at, at + ivBytes);
  if (iv.length < ivBytes) throw malformed("it ends too early");
  return { params: readParams(fields), iv, encrypted: bytes.subarray(at + ivBytes) };
}

/** The first field is never looked at, just as in the SDK. */
function readParams([, nText = "", rText = "", pText = ""]: readonly string[]): ScryptParams {
  const [N, r, p] = [readNumber(nText), readNumber(rText), readNumber(pText)];
  const isValid = N > 1 && Number.isInteger(Math.log2(N)) && r > 0 && p > 0;
  if (!isValid || N > maxN || r * p > maxRTimesP || N * r * p > maxScryptWork) {
    throw new WalletError(
      "unsupported-kdf",
      "The packed wallet asks for a key derivation that LBRY never uses, so it was not opened.",
    );
  }
  return { N, r, p, dkLen: 32 };
}

function readNumber(text: string): number {
  if (!/^[0-9]{1,20}$/.test(text)) throw malformed("its key derivation is unreadable");
  return Number(text);
}

/** A header field; fields too long to be numbers are cut, to be refused all the same. */
function asciiText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 32));
}

function malformed(problem: string): WalletError {
  return new WalletError(
    "malformed-blob",
    `This is not a packed LBRY wallet: ${problem}. Copy all of it and try again.`,
  );
}
