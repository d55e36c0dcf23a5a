import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashBytes, hashText } from "../hash/hash.ts";
import type { WalletId } from "../identifiers.ts";
import {
  headFingerprint,
  identityFingerprint,
  viewFingerprint,
  type WalletHead,
} from "./fingerprint.ts";
import { colours, describePicture, pictureOf, shapes } from "./picture.ts";

const identity = hashText("identity");
const state = { epoch: 3, hash: hashText("state") };
const head: WalletHead = { walletId: "default" as WalletId, sequence: 7, hash: hashText("head") };
const other: WalletHead = {
  walletId: hashText("x") as string as WalletId,
  sequence: 2,
  hash: hashText("other"),
};

describe("fingerprints", () => {
  it("[P4C-60] a code is four groups of four characters that cannot be mistaken for each other", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const { code } = identityFingerprint(hashBytes(bytes));
        expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
      }),
    );
  });

  it("[P4C-60] anything else in the account, or another kind of thing, gives another code and another picture", () => {
    const prints = [
      identityFingerprint(identity),
      identityFingerprint(hashText("x")),
      headFingerprint(head),
      headFingerprint({ ...head, sequence: 8 }),
      headFingerprint({ ...head, hash: hashText("x") }),
      headFingerprint({ ...head, walletId: other.walletId }),
      viewFingerprint(identity, state, [head, other]),
      viewFingerprint(hashText("x"), state, [head, other]),
      viewFingerprint(identity, { ...state, epoch: 4 }, [head, other]),
      viewFingerprint(identity, { ...state, hash: hashText("x") }, [head, other]),
      viewFingerprint(identity, state, [head]),
      viewFingerprint(identity, state, []),
    ];
    expect(new Set(prints.map(({ code }) => code)).size).toBe(prints.length);
    expect(new Set(prints.map(({ picture }) => describePicture(picture))).size).toBe(prints.length);
  });

  it("[P4C-60] two devices that list their wallets in another order see the same", () => {
    expect(viewFingerprint(identity, state, [head, other])).toEqual(
      viewFingerprint(identity, state, [other, head]),
    );
  });

  it("[P4C-61] a picture is sixteen tiles, each six bits of the hash, and can be read out", () => {
    expect(pictureOf(new Uint8Array(12))[0]![0]).toEqual({ shape: "circle", colour: "red" });
    const last = pictureOf(new Uint8Array(12).fill(255));
    expect(last.flat()).toEqual(
      Array.from({ length: 16 }, () => ({ shape: "cross", colour: "black" })),
    );
    expect(describePicture(last)).toBe(
      Array.from({ length: 4 }, () => "black cross, black cross, black cross, black cross").join(
        "\n",
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), (bytes) => {
        const tiles = pictureOf(bytes).flat();
        const bits = tiles.map(
          ({ shape, colour }) => shapes.indexOf(shape) * 8 + colours.indexOf(colour),
        );
        const back = bits.reduce((sum, six) => sum * 64n + BigInt(six), 0n);
        expect(back.toString(16).padStart(24, "0")).toBe(Buffer.from(bytes).toString("hex"));
      }),
    );
  });
});
