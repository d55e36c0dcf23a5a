import { readVectors } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { applySync } from "./apply-sync.ts";
import { unpackBlob } from "./blob.ts";
import { unlockWallet } from "./encrypt-wallet.ts";
import { openSdkWallet, type SdkWallet, unlockSdkWallet } from "./sdk-wallet.ts";
import { formatWalletFile, hasLockedAccount, isLocked, parseWallet } from "./wallet-document.ts";

interface SyncCase {
  readonly name: string;
  readonly now: number;
  readonly local_wallet_file: string;
  readonly local_encryption_password: string | null;
  readonly unlock_password?: string;
  readonly password: string;
  readonly data?: string;
  readonly result_hash: string;
  readonly result_unpacked_json: string;
  readonly encryption_password_after: string | null;
  readonly is_locked_after: boolean;
  readonly saved_file: string;
  readonly error?: { readonly class: string };
}

const cases = readVectors<SyncCase>("preferences_merge", "sync_apply");
const codes = new Map([
  ["AssertionError", "wallet-locked"],
  ["JSONDecodeError", "malformed-json"],
  ["ValueError", "malformed-key"],
]);

function prepare(one: SyncCase): SdkWallet {
  const wallet = openSdkWallet(one.local_wallet_file, one.now);
  if (one.unlock_password !== undefined) return unlockSdkWallet(wallet, one.unlock_password);
  return { ...wallet, password: one.local_encryption_password ?? undefined };
}

function apply(one: SyncCase) {
  let drawn = 0;
  return applySync(prepare(one), {
    password: one.password,
    now: one.now,
    iv: new Uint8Array(16).fill(255),
    drawInitVector: () => new Uint8Array(16).fill((drawn += 1)),
    ...(one.data === undefined ? {} : { data: one.data }),
  });
}

/** The file with its ciphertexts out of the way: they depend on random init vectors. */
function shapeOf(file: string): string {
  return file.replace(/"[A-Za-z0-9+/=]{60,}"/g, "ciphertext");
}

function decrypted(file: string, one: SyncCase): string {
  const wallet = parseWallet(file);
  const isOpen = !isLocked(wallet) || one.is_locked_after;
  return formatWalletFile(
    isOpen ? wallet : unlockWallet(wallet, one.encryption_password_after ?? ""),
  );
}

describe("vectors", () => {
  it("has every case of sync_apply", () => {
    expect(cases).toHaveLength(16);
  });

  it.each(cases)("[LBRY-28] the daemon answers and keeps: $name", async (one) => {
    const { wallet, file = one.local_wallet_file, outcome } = await apply(one);
    const answer =
      outcome.type === "applied"
        ? [outcome.hash, await unpackBlob(outcome.data, one.password)]
        : outcome.error.code;
    expect(answer).toStrictEqual(
      one.error === undefined
        ? [one.result_hash, one.result_unpacked_json]
        : codes.get(one.error.class),
    );
    expect(wallet.password ?? null).toBe(one.encryption_password_after);
    expect(hasLockedAccount(wallet)).toBe(one.is_locked_after);
    expect(shapeOf(file)).toBe(shapeOf(one.saved_file));
    expect(decrypted(file, one)).toBe(decrypted(one.saved_file, one));
  });
});
