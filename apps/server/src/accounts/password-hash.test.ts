import { thrownCode } from "@holdfast/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveHash, encodePasswordHash, isSameHash, parsePasswordHash } from "./password-hash.ts";

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test("[P3-23] a stored password hash reads back with its own parameters and salt", () => {
  fc.assert(
    fc.property(
      fc.record({
        costLog2: fc.integer({ min: 1, max: 18 }),
        blockSize: fc.integer({ min: 1, max: 16 }),
        parallelism: fc.integer({ min: 1, max: 4 }),
        salt: bytes(16),
        hash: bytes(32),
      }),
      (password) => {
        const read = parsePasswordHash(encodePasswordHash(password));
        expect({
          ...read,
          salt: Uint8Array.from(read.salt),
          hash: Uint8Array.from(read.hash),
        }).toEqual(password);
      },
    ),
  );
});

test("[P3-23] a hash that an earlier version stored is still understood", async () => {
  const stored =
    "$scrypt$ln=4,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$nx7tI5/kAl0Tw4KtNqh7rxpdq9gupWVX8SjBzfbO8CA";
  const { salt, hash, ...parameters } = parsePasswordHash(stored);
  expect(isSameHash(await deriveHash("pässword", salt, parameters), hash)).toBe(true);
  expect(isSameHash(await deriveHash("password", salt, parameters), hash)).toBe(false);
});

const salt = "A".repeat(22);
const hash = "B".repeat(43);

test.each([
  ["nothing", ""],
  ["another algorithm", `$argon2id$ln=15,r=8,p=1$${salt}$${hash}`],
  ["excessive memory", `$scrypt$ln=19,r=8,p=1$${salt}$${hash}`],
  ["an excessive block size", `$scrypt$ln=15,r=17,p=1$${salt}$${hash}`],
  ["excessive parallelism", `$scrypt$ln=15,r=8,p=5$${salt}$${hash}`],
  ["no cost at all", `$scrypt$ln=0,r=8,p=1$${salt}$${hash}`],
  ["a number that is none", `$scrypt$ln=1e9,r=8,p=1$${salt}$${hash}`],
  ["a short salt", `$scrypt$ln=15,r=8,p=1$AAAA$${hash}`],
  ["a short hash", `$scrypt$ln=15,r=8,p=1$${salt}$BBBB`],
  ["something after the hash", `$scrypt$ln=15,r=8,p=1$${salt}$${hash}\n`],
])("[P3-23] a stored hash with %s is refused before any work", (_, encoded) => {
  expect(thrownCode(() => parsePasswordHash(encoded))).toBe("damaged-password-hash");
});
