import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "@holdfast/client";
import { systemRandomBytes } from "@holdfast/client/browser";
import { packWallet, type WalletDocument } from "@holdfast/wallet/lbry";
import { getWallet, postJson } from "@holdfast/testing";
import { walletHmac } from "../../packages/client/src/protocol-3/wallet-hmac.ts";
import { cheapScrypt } from "./cheap-scrypt.ts";
import { expectType, walletOf, type TestDevices } from "./test-devices.ts";

type SavedProfile = {
  readonly session: { readonly token: string };
  readonly secrets: { readonly hmacKey: string; readonly walletPassword: string };
};

/**
 * What a client without any merging does: it overwrites the newest wallet with one of its own making. It uses the keys and the token of
 * the device `name`.
 */
export async function pushCarelessly(
  devices: TestDevices,
  name: string,
  url: string,
  change: (wallet: WalletDocument) => WalletDocument,
): Promise<void> {
  const text = await readFile(join(devices.folder(name), "profile.json"), "utf8");
  const { session, secrets } = JSON.parse(text) as SavedProfile;
  const wallet = change(await walletOf(devices.open(name)));
  const encryptedWallet = await packWallet(wallet, secrets.walletPassword, {
    iv: systemRandomBytes(16),
    scrypt: cheapScrypt,
  });
  const { body } = await getWallet(url, session.token);
  const sequence = body.sequence + 1;
  const hmac = walletHmac(new Secret(secrets.hmacKey), sequence, encryptedWallet);
  const { token } = session;
  const answer = await postJson(url, "/wallet", { token, encryptedWallet, sequence, hmac });
  expectType({ type: String(answer.status) }, "200");
}
