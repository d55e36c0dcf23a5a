import { hexToBytes } from "@noble/hashes/utils.js";
import { parseWallet } from "@holdfast/wallet/lbry";
import { readVectors } from "@holdfast/testing";
import { describe, expect, it } from "vitest";
import { nativeScrypt } from "../adapters/node/native-scrypt.ts";
import type { Scrypt } from "../ports/scrypt.ts";
import { noRevision } from "../engine/revision.ts";
import { Secret } from "../secret.ts";
import { deriveSecrets, type DerivedSecrets } from "./derive.ts";
import { createHostApi } from "./host-api.ts";
import { contentOfWallet } from "./revision-text.ts";
import { createWalletAccount } from "./wallet-account.ts";

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

function accountWith(secrets: DerivedSecrets) {
  return createWalletAccount({
    host: createHostApi({
      url: new URL("http://localhost:1"),
      fetch,
      timeoutMs: 1,
      isProtocol4: async () => await Promise.resolve(false),
    }),
    email: "",
    token: new Secret(""),
    saltSeed: "",
    secrets,
    nextKeys: null,
    adoptNextKeys: async () => await Promise.resolve(),
    receive: (content) => content,
    scrypt,
    randomBytes: (length) => new Uint8Array(length),
    signal: undefined,
  });
}

describe("wallets that other clients stored", () => {
  it.each(readVectors<StoredWallet>("legacy_sync", "stored_wallet"))(
    "[P3C-3] [P3C-4] [P3C-50] [SYNC-42] vector stored_wallet: $name",
    async (vector) => {
      const secrets = await deriveSecrets(
        {
          password: new Secret(vector.root_password),
          email: vector.email,
          saltSeed: vector.salt_seed,
        },
        scrypt,
      );
      const account = accountWith(secrets);
      const { sequence, encrypted_wallet: encryptedWallet, hmac } = vector;
      const revision = {
        sequence,
        hash: "",
        payload: { encryptedWallet, hmac },
        sizeBytes: encryptedWallet.length,
      };
      const opened = await account.open({ revision }, noRevision);
      const content = contentOfWallet(parseWallet(vector.wallet_json));
      expect(opened).toEqual({ type: "opened", content, line: [], epoch: 0 });

      // What is written, whoever wrote before, is the newer form, which opens again.
      const line = [{ sequence, hash: "0".repeat(32) }];
      const sealed = await account.seal({
        content,
        sequence: sequence + 1,
        parent: revision,
        line,
        keys: "current",
      });
      const again = await account.open({ revision: sealed }, noRevision);
      expect(again).toEqual({ type: "opened", content, line, epoch: 0 });
      const forged = { ...sealed, sequence: sealed.sequence + 1 };
      expect(await account.open({ revision: forged }, noRevision)).toEqual({
        type: "rejected",
        problem: "not-authentic",
      });
    },
  );
});
