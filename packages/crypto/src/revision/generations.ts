/** The generations of a wallet as its account's states tell them (P4C-57). */
import type { Hash, WalletId } from "../identifiers.ts";
import type { SecurityState } from "../state/security-state.ts";

export interface WalletGeneration {
  readonly generation: number;
  /** Of the state that opened it. */
  readonly epoch: number;
  /** The wallet's newest header when this generation was opened: the last one of the generations before. */
  readonly closedAt?: Hash | undefined;
}

/** A wallet's generations, oldest first, from an account's states from the first to the newest. Empty for an unknown wallet. */
export function walletGenerations(
  states: readonly SecurityState[],
  walletId: WalletId,
): readonly WalletGeneration[] {
  const generations: WalletGeneration[] = [];
  for (const { epoch, wallets } of states) {
    const named = wallets.find((wallet) => wallet.walletId === walletId);
    if (named === undefined || named.generation === generations.at(-1)?.generation) continue;
    generations.push({ generation: named.generation, epoch, closedAt: named.closedAt });
  }
  return generations;
}
