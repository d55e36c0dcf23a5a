/** An older revision of a profile's wallet of protocol 4: looked at, or taken up again as an edit (P4K-58). */
import type { WalletId } from "@holdfast/crypto";
import { lbryFormat } from "@holdfast/wallet/lbry";
import type { LocalWalletUnusable } from "../outcomes.ts";
import { openOldRevision, type OldRevisionOutcome } from "../protocol-4/sync/history.ts";
import { sameName, type LbryContent } from "../protocol-3/revision-text.ts";
import type { HeldProfile4 } from "./hold-account-4.ts";
import { createHolder4 } from "./holder-4.ts";
import { useWallet } from "./open-wallet.ts";

type NotOpened = Exclude<OldRevisionOutcome<LbryContent["document"]>, { readonly type: "opened" }>;

export type ReadRevisionOutcome =
  | {
      readonly type: "read";
      readonly content: LbryContent;
      /** by the writing device's clock, ms */
      readonly savedAt: number;
      /** in sentences, without secrets: what taking it in place of this device's wallet would change */
      readonly differences: readonly string[];
    }
  | NotOpened
  | LocalWalletUnusable;

export async function readRevision(
  held: HeldProfile4,
  sequence: number,
): Promise<ReadRevisionOutcome> {
  const old = await openOld(held, sequence);
  if (old.type !== "opened") return old;
  const { content, savedAt } = old;
  return await useWallet(createHolder4(held), async ({ record: { local } }) => {
    const wanted = sameName(local, content);
    const changes = lbryFormat.diff(local.document, wanted.document);
    const differences = lbryFormat.describe(changes);
    return await Promise.resolve({ type: "read", content, savedAt, differences });
  });
}

export type RestoreRevisionOutcome =
  /** `hasLocalChanges` false: the wallet says the same already */
  | { readonly type: "restored"; readonly hasLocalChanges: boolean }
  | NotOpened
  | LocalWalletUnusable;

/** Puts what the wallet was at `sequence` in its place on this device; the next sync pushes it on top of the newest revision. */
export async function restoreRevision(
  held: HeldProfile4,
  sequence: number,
): Promise<RestoreRevisionOutcome> {
  const old = await openOld(held, sequence);
  if (old.type !== "opened") return old;
  return await useWallet(createHolder4(held), async (wallet) => {
    await wallet.edit(sameName(wallet.record.local, old.content));
    return { type: "restored", hasLocalChanges: wallet.hasLocalChanges };
  });
}

async function openOld({ account, profile, signal }: HeldProfile4, sequence: number) {
  const walletId = profile.walletId as WalletId;
  return await openOldRevision(account, walletId, lbryFormat, sequence, signal);
}
