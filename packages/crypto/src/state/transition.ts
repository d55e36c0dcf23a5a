/** What one state may change of the state before it (P4C-33). The chain itself (epoch, parent, signature) is checked elsewhere. */
import type { NamedSlot, NamedWallet, SecurityState } from "./security-state.ts";

export type TransitionRule =
  /** `minVersion` never falls. */
  | "version-lowered"
  /** A wallet never disappears. */
  | "wallet-removed"
  /** A new wallet begins with generation 1. */
  | "wallet-added-late"
  /** A generation stays, with its `closedAt`, or grows by one. */
  | "generation-jumped"
  /** A slot id means one slot for ever. */
  | "slot-replaced"
  /** New generations need a new authority key. */
  | "authority-kept"
  /** A new authority key needs a new keyring, and so do new wallets. */
  | "keyring-kept"
  /** A new authority key leaves no old slot. */
  | "slot-kept";

/** The rule that `next` breaks after `previous`, if any. */
export function brokenRule(
  previous: SecurityState,
  next: SecurityState,
): TransitionRule | undefined {
  if (next.minVersion < previous.minVersion) return "version-lowered";
  const slotRule = brokenSlotRule(previous.slots, next.slots);
  if (slotRule !== undefined) return slotRule;
  const walletRule = brokenWalletRule(previous.wallets, next.wallets);
  if (walletRule !== undefined) return walletRule;

  const hasNewKey = next.authorityKey !== previous.authorityKey;
  const hasNewWallet = next.wallets.length > previous.wallets.length;
  if (rotatedWallets(previous, next).length > 0 && !hasNewKey) return "authority-kept";
  if ((hasNewKey || hasNewWallet) && next.keyringHash === previous.keyringHash) {
    return "keyring-kept";
  }
  const kept = next.slots.some((slot) => previous.slots.some(({ hash }) => hash === slot.hash));
  return hasNewKey && kept ? "slot-kept" : undefined;
}

/** The wallets that `next` opens a new generation of. */
export function rotatedWallets(
  previous: SecurityState,
  next: SecurityState,
): readonly NamedWallet[] {
  return next.wallets.filter((wallet) => {
    const before = previous.wallets.find(({ walletId }) => walletId === wallet.walletId);
    return before !== undefined && wallet.generation > before.generation;
  });
}

function brokenSlotRule(
  previous: readonly NamedSlot[],
  next: readonly NamedSlot[],
): TransitionRule | undefined {
  const replaced = next.some((slot) =>
    previous.some(
      (one) => one.slotId === slot.slotId && (one.hash !== slot.hash || one.kind !== slot.kind),
    ),
  );
  return replaced ? "slot-replaced" : undefined;
}

function brokenWalletRule(
  previous: readonly NamedWallet[],
  next: readonly NamedWallet[],
): TransitionRule | undefined {
  for (const before of previous) {
    const after = next.find(({ walletId }) => walletId === before.walletId);
    if (after === undefined) return "wallet-removed";
    const isSame = after.generation === before.generation && after.closedAt === before.closedAt;
    if (!isSame && after.generation !== before.generation + 1) return "generation-jumped";
  }
  const added = next.filter((after) =>
    previous.every(({ walletId }) => walletId !== after.walletId),
  );
  return added.some(({ generation }) => generation !== 1) ? "wallet-added-late" : undefined;
}
