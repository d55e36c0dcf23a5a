import { formatWalletText } from "@holdfast/wallet/lbry";
import { readVectors } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { nativeScrypt } from "../adapters/node/native-scrypt.ts";
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

const account = {
  ports: { scrypt: nativeScrypt, randomBytes: (length: number) => new Uint8Array(length) },
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
        nativeScrypt,
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
