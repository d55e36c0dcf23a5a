/** A wallet's newest revision enters this device's memory: the head in the account's record, and the history for healing. */
import type { VerifiedHeader, WalletId } from "@holdfast/crypto";
import type { HeldAccount } from "../record/held-account.ts";
import type { WalletMemory } from "../record/account-record.ts";
import { extendHistory, formatHistory, parseHistory, type WalletHistory } from "./wallet-memory.ts";

export type SeenWallet = {
  readonly newest: VerifiedHeader;
  /** headers that lead to it, `newest` last */
  readonly fresh: readonly VerifiedHeader[];
  readonly encryptedWallet: string;
  readonly upgradedFrom: WalletMemory["upgradedFrom"];
};

export async function rememberWallet(
  account: HeldAccount,
  walletId: WalletId,
  { newest, fresh, encryptedWallet, upgradedFrom }: SeenWallet,
): Promise<void> {
  const [first] = fresh;
  if (first !== undefined)
    await changeHistory(account, walletId, (history) =>
      extendHistory(
        history,
        first.sequence,
        fresh.map(({ signed }) => signed),
        encryptedWallet,
      ),
    );
  const { wallets, toRenew } = account.record;
  const { sequence, hash, generation, epoch } = newest;
  const from = upgradedFrom ?? wallets[walletId]?.upgradedFrom;
  const memory = { sequence, hash, generation, epoch, ...(from && { upgradedFrom: from }) };
  const open = account.newest.wallets.find((wallet) => wallet.walletId === walletId);
  const isRenewed = generation === open?.generation;
  await account.save({
    wallets: { ...wallets, [walletId]: memory },
    ...(isRenewed && { toRenew: toRenew.filter((one) => one !== walletId) }),
  });
}

export async function changeHistory(
  { ports }: HeldAccount,
  walletId: WalletId,
  change: (history: WalletHistory) => WalletHistory,
): Promise<void> {
  const before = parseHistory(await ports.store.loadWallet(walletId));
  const after = change(before);
  if (after !== before) await ports.store.saveWallet(walletId, formatHistory(after));
}
