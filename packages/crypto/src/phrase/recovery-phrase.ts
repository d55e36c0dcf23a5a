/** Recovery phrases (P4C-21): 256 random bits as 24 English BIP-39 words. No BIP-39 passphrase, no PBKDF2: the bits are the secret. */
import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { encodeBase64url } from "../bytes/base64url.ts";
import type { RandomBytes } from "../bytes/random.ts";
import { hashBytes } from "../hash/hash.ts";
import type { Hash } from "../identifiers.ts";
import { deriveBytes } from "../keys/derive-bytes.ts";
import { Secret } from "../secret/secret.ts";

const wordCount = 24;

/** What the words stand for: 32 bytes. */
export type RecoveryEntropy = Secret<"recovery-entropy">;

export type PhraseOutcome =
  | { readonly type: "phrase"; readonly entropy: RecoveryEntropy }
  /** There are `found` words, not 24. */
  | { readonly type: "wrong-count"; readonly found: number }
  /** The words at these places, from 1, are not in the list. */
  | { readonly type: "unknown-words"; readonly places: readonly number[] }
  /** All words are known, but they do not belong together: one is wrong, or two are swapped. */
  | { readonly type: "wrong-checksum" };

export function createRecoveryPhrase(random: RandomBytes): RecoveryEntropy {
  return new Secret("recovery-entropy", random(32));
}

/** The 24 words, to be shown once and written down. */
export function recoveryWords(entropy: RecoveryEntropy): readonly string[] {
  return entropyToMnemonic(entropy.expose(), wordlist).split(" ");
}

/** What a person typed: any case, any spacing. */
export function parseRecoveryPhrase(typed: string): PhraseOutcome {
  const words = typed.normalize("NFKD").toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length !== wordCount) return { type: "wrong-count", found: words.length };
  const places = words.flatMap((word, at) => (wordlist.includes(word) ? [] : [at + 1]));
  if (places.length > 0) return { type: "unknown-words", places };
  try {
    const entropy = mnemonicToEntropy(words.join(" "), wordlist);
    return { type: "phrase", entropy: new Secret("recovery-entropy", entropy) };
  } catch {
    return { type: "wrong-checksum" };
  }
}

/** The text by which a host finds the recovery slot; it says nothing about the slot key. */
export function recoveryLookupId(entropy: RecoveryEntropy): string {
  return encodeBase64url(lookupBytes(entropy));
}

/** A recovery slot's `reference`: the hash of the look-up id's bytes. */
export function recoveryReference(entropy: RecoveryEntropy): Hash {
  return hashBytes(lookupBytes(entropy));
}

function lookupBytes(entropy: RecoveryEntropy): Uint8Array {
  return deriveBytes(entropy.expose(), "recovery-lookup");
}
