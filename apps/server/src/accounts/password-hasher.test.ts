import { randomBytes } from "node:crypto";
import { rejectedCode } from "@holdfast/testing";
import { expect, test } from "vitest";
import { createPasswordHasher } from "./password-hasher.ts";

const quick = { randomBytes, costLog2: 4 };

test("[P3-23] a password matches its own hash and no other", async () => {
  const hasher = createPasswordHasher(quick);
  const hashed = await hasher.hash("correct horse");
  const again = await hasher.hash("correct horse");
  expect(hashed).toMatchObject({ type: "hashed" });
  expect(hashed).not.toEqual(again);
  const passwordHash = "passwordHash" in hashed ? hashed.passwordHash : "";
  expect(await hasher.verify("correct horse", passwordHash)).toEqual({ type: "match" });
  expect(await hasher.verify("correct hors", passwordHash)).toEqual({ type: "no-match" });
  expect(await hasher.verify("", passwordHash)).toEqual({ type: "no-match" });
});

test("[P3-23] new hashes are scrypt with N=2^15, r=8, p=1 and a salt of 16 random bytes", async () => {
  const hashed = await createPasswordHasher({ randomBytes }).hash("correct horse");
  expect(hashed).toEqual({
    type: "hashed",
    passwordHash: expect.stringMatching(
      /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    ),
  });
});

test("[P3-25] an unknown account takes the place and the work of a known one, and matches nothing", async () => {
  const hasher = createPasswordHasher({ ...quick, maxConcurrent: 1, maxQueued: 0 });
  const unknown = hasher.verify("anything", undefined);
  expect(await hasher.verify("anything", undefined)).toEqual({ type: "busy" });
  expect(await unknown).toEqual({ type: "no-match" });
});

test("[P3-19] beyond those that run and those that wait, passwords are refused as busy, and later ones are not", async () => {
  const hasher = createPasswordHasher({ ...quick, maxConcurrent: 2, maxQueued: 3 });
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => hasher.hash("correct horse")));
  expect(outcomes.map(({ type }) => type)).toEqual([
    ...Array<string>(5).fill("hashed"),
    ...Array<string>(3).fill("busy"),
  ]);
  expect(await hasher.hash("correct horse")).toMatchObject({ type: "hashed" });
});

test("[P3-23] a damaged stored hash is an error and not a wrong password", async () => {
  const hasher = createPasswordHasher(quick);
  expect(await rejectedCode(hasher.verify("any", "plain text"))).toBe("damaged-password-hash");
});
