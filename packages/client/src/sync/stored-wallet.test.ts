import { hexToBytes } from "@noble/hashes/utils.js";
import { formatWalletText } from "@holdfast/wallet/lbry";
import { readVectors } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { nativeScrypt } from "../adapters/node/native-scrypt.ts";
import type { Scrypt } from "../device/device-ports.ts";
import type { HeldAccount } from "../device/held-device.ts";
import { deriveSecrets } from "../protocol-3/derive.ts";
import { Secret } from "../secret.ts";
import { openRevision, sealRevision } from "./revision.ts";

type StoredWallet = {
  readonly name: string;
  readonly root_password: string;
  readonly email: string;
  readonly salt_seed: string;
  readonly sequence: number;
  readonly encrypted_wallet: string;
  readonly hmac: string;
  readonly wallet_json: string;
};

/** The derivation from this password costs 3 s and has its own test; its outcome is in the vectors as well. */
const scrypt: Scrypt = async (password, salt, params) => {
  if (params.N !== 2 ** 20) return await nativeScrypt(password, salt, params);
  const known = readVectors<{ name: string; salt_text: string; scrypt_96_hex: string }>(
    "legacy_sync",
    "derive",
  ).find(({ salt_text }) => salt_text === new TextDecoder().decode(salt));
  if (known === undefined) throw new Error("no vector has this derivation");
  return hexToBytes(known.scrypt_96_hex);
};

const account = {
  ports: { scrypt, randomBytes: (length: number) => new Uint8Array(length) },
} as unknown as HeldAccount;

describe("wallets that other clients stored", () => {
  it.each(readVectors<StoredWallet>("legacy_sync", "stored_wallet"))(
    "[P3C-3] [P3C-4] vector stored_wallet: $name",
    async (vector) => {
      const secrets = await deriveSecrets(
        {
          password: new Secret(vector.root_password),
          email: vector.email,
          saltSeed: vector.salt_seed,
        },
        scrypt,
      );
      const revision = {
        sequence: vector.sequence,
        encryptedWallet: vector.encrypted_wallet,
        hmac: vector.hmac,
      };
      const opened = await openRevision(account, revision, secrets);
      expect(opened).toMatchObject({ type: "opened", known: { walletText: vector.wallet_json } });
      if (opened.type !== "opened") return;

      // What is written, whoever wrote before, is the newer form, which opens again.
      const sealed = await sealRevision(account, opened.wallet, vector.sequence + 1, secrets);
      const again = await openRevision(account, sealed, secrets);
      expect(again).toMatchObject({
        type: "opened",
        known: { walletText: formatWalletText(opened.wallet) },
      });
      const forged = { ...sealed, sequence: sealed.sequence + 1 };
      expect(await openRevision(account, forged, secrets)).toMatchObject({ fault: "wrong-hmac" });
    },
  );
});
