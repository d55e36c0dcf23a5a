import { expect, test } from "vitest";
import { createDomain } from "../stores/contract/create-domain.ts";
import { newWallet, NOW_MS, readWallet } from "../stores/contract/fixtures.ts";
import { createWallets } from "./wallets.ts";

const EMAIL = "ann@example.org";

test("[P3-30] [P3-60] a stored wallet is answered as it was given, and announced before its writer is answered", async () => {
  const { signUp, logIn, wallets, noticed } = createDomain();
  await signUp(EMAIL);
  const { session } = await logIn(EMAIL);
  expect(await wallets.newest(1)).toBeUndefined();
  expect(await wallets.replace(session, newWallet(1))).toMatchObject({ type: "replaced" });
  expect(noticed).toEqual(["wallet 1 of 1"]);
  expect(readWallet(await wallets.newest(1))).toEqual(newWallet(1));
});

test("[P3-35] a wallet with the wrong sequence is refused with the newest and announced to nobody", async () => {
  const { signUp, logIn, wallets, noticed } = createDomain();
  await signUp(EMAIL);
  const { session } = await logIn(EMAIL);
  await wallets.replace(session, newWallet(1));
  const current = await wallets.newest(1);
  expect(await wallets.replace(session, newWallet(3))).toEqual({ type: "conflict", current });
  expect(noticed).toEqual(["wallet 1 of 1"]);
});

test("[P3-60] nobody hears of a wallet that could not be stored", async () => {
  const { stores } = createDomain();
  const noticed: number[] = [];
  const wallets = createWallets({
    store: { ...stores.wallets, replace: () => Promise.reject(new Error("the disk is full")) },
    notices: { walletReplaced: (_, sequence) => noticed.push(sequence), credentialsChanged() {} },
    clock: () => NOW_MS,
  });
  const session = { userId: 1, deviceId: "laptop", tokenHash: "token", expiresAtMs: NOW_MS + 1 };
  await expect(wallets.replace(session, newWallet(1))).rejects.toThrow("the disk is full");
  expect(noticed).toEqual([]);
});
