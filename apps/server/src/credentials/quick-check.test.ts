/** Node's check before noble's: noble's answer in every case, those included in which the two differ by themselves. */
import {
  type AuthorityRequest,
  encodeBase64url,
  encodeCanonical,
  hashText,
  parseHostOrigin,
  type PublicKey,
  verifyRequest,
} from "@holdfast/crypto/verify";
import { ed25519 } from "@noble/curves/ed25519.js";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { quickCheck } from "./quick-check.ts";

const { Point } = ed25519;
const order = Point.Fn.ORDER;
const request: AuthorityRequest = {
  identity: hashText("identity"),
  host: parseHostOrigin("https://wallets.example.com"),
  action: "DELETE /account",
  bodyHash: hashText(""),
  nonce: encodeBase64url(new Uint8Array(32).fill(7)),
};
const message = Buffer.concat([
  Buffer.from("holdfast/4/request\0"),
  Buffer.from(encodeCanonical({ v: 4, ...request })),
]);

/** A point of order 8, and with it all points of small order. */
const torsion = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");
const smallOrder = Array.from({ length: 8 }, (_, times) =>
  times === 0 ? Point.ZERO : torsion.multiplyUnsafe(BigInt(times)),
);
type AnyPoint = typeof torsion;

function scalarOf(...parts: readonly Uint8Array[]): bigint {
  const hash = createHash("sha512");
  for (const part of parts) hash.update(part);
  return littleEndian(hash.digest()) % order;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOf(scalar: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((scalar >> BigInt(8 * at)) & 255n));
}

/** A signature that fits the cofactored equation, with whatever is added to key and nonce point. */
function craft(
  seed: number,
  { toKey = Point.ZERO, toNonce = Point.ZERO }: { toKey?: AnyPoint; toNonce?: AnyPoint } = {},
) {
  const secret = scalarOf(Uint8Array.of(1, seed));
  const nonce = scalarOf(Uint8Array.of(2, seed));
  const key = Point.BASE.multiply(secret).add(toKey).toBytes();
  const r = Point.BASE.multiply(nonce).add(toNonce).toBytes();
  const s = (nonce + scalarOf(r, key, message) * secret) % order;
  return { key, r, s };
}

function judge(key: Uint8Array, r: Uint8Array, s: Uint8Array) {
  const signature = encodeBase64url(Uint8Array.from([...r, ...s]));
  const publicKey = encodeBase64url(key) as PublicKey;
  return {
    strict: verifyRequest(signature, request, publicKey),
    quick: verifyRequest(signature, request, publicKey, quickCheck),
    node: quickCheck(Uint8Array.from([...r, ...s]), message, publicKey),
  };
}

/** The cases in which strictness shows, by name. */
function* cases(): Generator<readonly [string, ReturnType<typeof judge>]> {
  for (let seed = 0; seed < 4; seed += 1) {
    const { key, r, s } = craft(seed);
    yield ["right", judge(key, r, bytesOf(s))];
    yield ["S plus the order", judge(key, r, bytesOf(s + order))];
    yield ["S plus 8 orders", judge(key, r, bytesOf(s + 8n * order))];
    yield ["S of all ones", judge(key, r, new Uint8Array(32).fill(255))];
    yield ["S another", judge(key, r, bytesOf((s + 1n) % order))];
    yield [
      "R's sign",
      judge(
        key,
        r.map((byte, at) => (at === 31 ? byte ^ 128 : byte)),
        bytesOf(s),
      ),
    ];
    for (const point of smallOrder.slice(1)) {
      const added = craft(seed, { toNonce: point });
      yield ["R with torsion", judge(added.key, added.r, bytesOf(added.s))];
      const mixed = craft(seed, { toKey: point });
      yield ["A of mixed order", judge(mixed.key, mixed.r, bytesOf(mixed.s))];
      const both = craft(seed, { toKey: point, toNonce: point });
      yield ["A and R with torsion", judge(both.key, both.r, bytesOf(both.s))];
    }
  }
  // Every point of small order in each of its spellings, the ones that RFC 8032 does not allow included.
  const spellings = [
    ...smallOrder.map((point) => point.toBytes()),
    ...[`ee${"ff".repeat(30)}7f`, `01${"00".repeat(30)}80`, `ed${"ff".repeat(30)}7f`].map((hex) =>
      Uint8Array.from(Buffer.from(hex, "hex")),
    ),
    ...[`ee${"ff".repeat(31)}`, `ed${"ff".repeat(31)}`, "ff".repeat(32)].map((hex) =>
      Uint8Array.from(Buffer.from(hex, "hex")),
    ),
  ];
  const { key, s } = craft(9);
  for (const point of spellings) {
    yield ["R of small order", judge(key, point, bytesOf(s))];
    yield ["R of small order, S zero", judge(key, point, new Uint8Array(32))];
    for (const small of spellings) {
      yield ["A and R of small order", judge(small, point, new Uint8Array(32))];
    }
  }
}

const judged = [...cases()];

describe("[P4C-7] a signature that is checked by Node first", () => {
  test("gets noble's answer, whatever is odd about it", () => {
    expect(judged.length).toBeGreaterThan(200);
    expect(judged.filter(([, { quick, strict }]) => quick !== strict)).toEqual([]);
    // What Node accepts, noble would have accepted.
    expect(judged.filter(([, { node, strict }]) => node && !strict)).toEqual([]);
  });

  test("is accepted where only the cofactor tells them apart, and refused where it is malleable", () => {
    const verdicts = (name: string) =>
      new Set(
        judged.filter(([one]) => one === name).map(([, { quick, node }]) => `${quick}/${node}`),
      );
    expect(verdicts("right")).toEqual(new Set(["true/true"]));
    expect(verdicts("R with torsion")).toEqual(new Set(["true/false"]));
    for (const name of ["S plus the order", "S plus 8 orders", "S of all ones", "S another"]) {
      expect(verdicts(name)).toEqual(new Set(["false/false"]));
    }
    expect(verdicts("A and R of small order")).toEqual(new Set(["false/false"]));
    // Such keys are refused when they are read; Node's check does not take them either.
    expect([...verdicts("A of mixed order")].every((one) => one.endsWith("/false"))).toBe(true);
  });

  test("is held to every byte", () => {
    const { key, r, s } = craft(3);
    const whole = Uint8Array.from([...r, ...bytesOf(s)]);
    for (let bit = 0; bit < 512; bit += 7) {
      const flipped = whole.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      const { quick, strict } = judge(key, flipped.subarray(0, 32), flipped.subarray(32));
      expect([quick, strict]).toEqual([false, false]);
    }
  });
});
