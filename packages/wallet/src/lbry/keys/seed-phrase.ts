/**
 * LBRY's seed phrases: English BIP-39 words, but an Electrum-style version hash instead of BIP-39's
 * checksum, and the least significant word first (LBRY-42, LBRY-43). Any text gives keys; only
 * phrases of listed words can be encrypted on disk and unlocked again by the SDK (LBRY-44).
 */
import { hmac } from "@noble/hashes/hmac.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { WalletError } from "../wallet-error.ts";
import { normalizeSeedPhrase, splitWords } from "./seed-normalization.ts";

const wordCount = BigInt(wordlist.length);
const wordNumbers = new Map(wordlist.map((word, index) => [word, BigInt(index)]));
const entropyBits = 132n;
const entropyBytes = 17;
const leastEntropy = 2n ** (entropyBits - 11n);

/** The 64 bytes BIP-32 starts from, by PBKDF2-HMAC-SHA-512 (about 10 ms); throws `malformed-seed`. */
export function deriveSeedBytes(phrase: string): Uint8Array {
  return pbkdf2(sha512, utf8ToBytes(normalizeSeedPhrase(phrase)), utf8ToBytes("lbryum"), {
    c: 2048,
    dkLen: 64,
  });
}

/** Hex HMAC-SHA-512 of the normalised phrase, whose beginning says what kind of seed it is. */
export function seedVersionHash(phrase: string): string {
  return bytesToHex(
    hmac(sha512, utf8ToBytes("Seed version"), utf8ToBytes(normalizeSeedPhrase(phrase))),
  );
}

/** Whether the SDK would have generated this phrase; it uses others all the same. */
export function isStandardSeedPhrase(phrase: string): boolean {
  return seedVersionHash(phrase).startsWith("01");
}

/** The number a phrase of exact listed words stands for; throws `malformed-seed` (without the word). */
export function seedPhraseToNumber(phrase: string): bigint {
  let number = 0n;
  for (const word of splitWords(phrase).reverse()) {
    const digit = wordNumbers.get(word);
    if (digit === undefined) {
      throw new WalletError(
        "malformed-seed",
        "The seed phrase has a word that is not in the English word list. Check the spelling; words are lower case.",
      );
    }
    number = number * wordCount + digit;
  }
  return number;
}

/** Whether the SDK can unlock an account with this seed after it was encrypted on disk. */
export function isUnlockableSeedPhrase(phrase: string): boolean {
  return splitWords(phrase).every((word) => wordNumbers.has(word));
}

/** The phrase of a non-negative number. */
export function seedPhraseOfNumber(number: bigint): string {
  const words: string[] = [];
  for (let rest = number; rest > 0n; rest /= wordCount) {
    words.push(wordlist[Number(rest % wordCount)] ?? "");
  }
  return words.join(" ");
}

/** A new standard phrase of 12 words (132 bits); throws `weak-randomness` if the source cannot be right. */
export function makeSeedPhrase(randomBytes: (length: number) => Uint8Array): string {
  for (let number = drawEntropy(randomBytes) + 1n; ; number += 1n) {
    const phrase = seedPhraseOfNumber(number);
    if (isStandardSeedPhrase(phrase)) return phrase;
  }
}

function drawEntropy(randomBytes: (length: number) => Uint8Array): bigint {
  // A fair source gives too small a number once in 2,048 draws.
  for (let draw = 0; draw < 32; draw += 1) {
    const bytes = randomBytes(entropyBytes);
    if (bytes.length !== entropyBytes) break;
    const number = BigInt.asUintN(Number(entropyBits), BigInt(`0x${bytesToHex(bytes)}`));
    if (number >= leastEntropy) return number;
  }
  throw new WalletError(
    "weak-randomness",
    "This device's source of random numbers does not work, so no safe seed phrase can be made here.",
  );
}
