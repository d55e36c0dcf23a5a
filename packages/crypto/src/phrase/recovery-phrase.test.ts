import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Secret } from "../secret/secret.ts";
import {
  parseRecoveryPhrase,
  recoveryLookupId,
  recoveryReference,
  recoveryWords,
} from "./recovery-phrase.ts";
import { hashBytes } from "../hash/hash.ts";
import { parseBase64url } from "../bytes/base64url.ts";
import { recoverySlotKey } from "../slot/slot-key.ts";

const entropyOf = (bytes: Uint8Array) => new Secret("recovery-entropy", bytes);
const allZero = [...Array.from({ length: 23 }, () => "abandon"), "art"];

describe("recovery phrases", () => {
  it("[P4C-21] 256 bits become 24 words and come back, however they are typed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const words = recoveryWords(entropyOf(bytes));
        expect(words).toHaveLength(24);
        const typed = `  ${words.join("\n ").toUpperCase()}\t`;
        const outcome = parseRecoveryPhrase(typed);
        expect(outcome.type === "phrase" && outcome.entropy.expose()).toEqual(bytes);
      }),
      { numRuns: 20 },
    );
  });

  it("[P4C-21] the published phrase of 32 zero bytes is ours too", () => {
    expect(recoveryWords(entropyOf(new Uint8Array(32)))).toEqual(allZero);
  });

  it("[P4C-21] a wrong phrase says what is wrong with it", () => {
    expect(parseRecoveryPhrase("")).toEqual({ type: "wrong-count", found: 0 });
    expect(parseRecoveryPhrase("abandon ".repeat(12))).toEqual({ type: "wrong-count", found: 12 });
    expect(parseRecoveryPhrase("abandon ".repeat(10_000)).type).toBe("wrong-count");
    const misspelt = allZero.map((word, at) => (at === 1 || at === 23 ? `${word}x` : word));
    expect(parseRecoveryPhrase(misspelt.join(" "))).toEqual({
      type: "unknown-words",
      places: [2, 24],
    });
    expect(parseRecoveryPhrase("abandon ".repeat(24))).toEqual({ type: "wrong-checksum" });
  });

  it("[P4C-21] the look-up id is 32 bytes apart from the slot key, and the host stores its hash", () => {
    const entropy = entropyOf(new Uint8Array(32).fill(3));
    const lookup = parseBase64url(recoveryLookupId(entropy), 32);
    expect(lookup).not.toEqual(recoverySlotKey(entropy).key.expose());
    expect(recoveryReference(entropy)).toBe(hashBytes(lookup));
  });
});
