/** The account's wallets: their names are known on its devices only. */
import {
  changeCredentials,
  CryptoError,
  parseWalletName,
  walletIdOf,
  type WalletId,
} from "@holdfast/crypto";
import type { Locked } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { type ChangeOutcome4, sendChange, settleChange } from "./change.ts";
import { environmentOf } from "./set-password.ts";

export type NamedWallet4 = { readonly walletId: WalletId; readonly name: string };

export function listWallets({
  unlocked,
}: HeldAccount): { readonly type: "wallets"; readonly wallets: readonly NamedWallet4[] } | Locked {
  if (unlocked === null) return { type: "locked" };
  const wallets = unlocked.keyring.wallets.map(({ walletId, name }) => ({ walletId, name }));
  return { type: "wallets", wallets };
}

export type CreateWalletOutcome =
  | { readonly type: "created"; readonly walletId: WalletId }
  | { readonly type: "name-taken" }
  | { readonly type: "malformed-name" }
  | Exclude<ChangeOutcome4, { readonly type: "changed" }>;

/** A further wallet, empty until its first revision is pushed. */
export async function createWallet(
  account: HeldAccount,
  typedName: string,
  signal?: AbortSignal,
): Promise<CreateWalletOutcome> {
  const settled = await settleChange(account, { signal });
  if (settled.type !== "changed" && settled.type !== "not-changed") return settled;
  const { unlocked } = account;
  if (unlocked === null) return { type: "locked" };
  const name = nameOf(typedName);
  if (name === null) return { type: "malformed-name" };
  const walletId = walletIdOf(unlocked.keyring.nameKey, name);
  if (unlocked.keyring.wallets.some((wallet) => wallet.walletId === walletId))
    return { type: "name-taken" };
  const changed = changeCredentials(unlocked, { addWallets: [name] }, environmentOf(account));
  const outcome = await sendChange(account, { changed, signal });
  return outcome.type === "changed" ? { type: "created", walletId } : outcome;
}

function nameOf(typed: string): string | null {
  try {
    return parseWalletName(typed);
  } catch (error) {
    if (error instanceof CryptoError) return null;
    throw error;
  }
}
