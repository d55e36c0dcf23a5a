import { hexToBytes } from "@noble/hashes/utils.js";
import { readVectors, rejectedCode } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { unpackBlob } from "./blob.ts";
import { packWallet } from "./pack-wallet.ts";
import { formatWalletText, parseWallet } from "./wallet-document.ts";

interface PackCase {
  readonly name: string;
  readonly password: string;
  readonly iv_hex: string;
  readonly wallet_file: string;
  readonly packed_json: string;
}

const packs = readVectors<PackCase>("wallet_pack", "pack");
const refused = readVectors<PackCase>("wallet_pack", "pack_error");

describe("vectors", () => {
  it("has every case of wallet_pack that begins with a wallet", () => {
    expect([packs.length, refused.length]).toStrictEqual([17, 1]);
  });

  it.each(packs)("[LBRY-12] the text that is packed is the SDK's: $name", async (one) => {
    const wallet = parseWallet(one.wallet_file);
    expect(formatWalletText(wallet)).toBe(one.packed_json);
    const blob = await packWallet(wallet, one.password, { iv: hexToBytes(one.iv_hex) });
    expect(await unpackBlob(blob, one.password)).toBe(one.packed_json);
  });

  it.each(refused)("[LBRY-12] a locked wallet is not packed: $name", async (one) => {
    const work = packWallet(parseWallet(one.wallet_file), one.password, { iv: new Uint8Array(16) });
    expect(await rejectedCode(work)).toBe("wallet-locked");
  });
});
