/** The next revision of a wallet, under its open generation (P4K-54). */
import {
  encodeBase64url,
  type Hash,
  type RevisionContent,
  sealRevision,
  signCertificate,
  type WalletId,
} from "@holdfast/crypto";
import type { RevisionRef, SealedRevision } from "../../engine/index.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { encodePayload } from "./payload.ts";
import { keysOf, openGeneration } from "./verify-wallet.ts";

/** Throws when the account is locked. */
export async function sealContent(
  account: HeldAccount,
  walletId: WalletId,
  parent: RevisionRef,
  content: RevisionContent,
): Promise<SealedRevision> {
  const { unlocked, record, ports } = account;
  if (unlocked === null) throw new TypeError("a locked account seals nothing");
  const generation = openGeneration(unlocked, walletId);
  const memory = record.wallets[walletId];
  const known = memory?.hash === parent.hash ? memory : undefined;
  const upgradedFrom = content.upgradedFrom ?? memory?.upgradedFrom;
  const epoch = account.newest.epoch;
  const { header, encryptedWallet } = sealRevision(
    {
      identity: record.identity,
      walletId,
      ...(parent.sequence > 0 && {
        head: {
          sequence: parent.sequence,
          hash: parent.hash as Hash,
          generation: known?.generation ?? generation,
          epoch: known?.epoch ?? epoch,
        },
      }),
      generation,
      epoch,
      deviceId: record.deviceId,
      savedAt: ports.clock.nowMs(),
      content: { ...content, ...(upgradedFrom && { upgradedFrom }) },
      keys: keysOf(unlocked, walletId, generation),
    },
    ports.randomBytes,
  );
  // A host that knows the writer key passes it over; one that does not cannot take the revision without it.
  const isFirst = known === undefined || known.generation !== generation;
  const certificate = isFirst ? signCertificate(unlocked, walletId, generation) : undefined;
  const revision = { header: header.signed, encryptedWallet: encodeBase64url(encryptedWallet) };
  return await Promise.resolve(encodePayload(header, revision, certificate));
}
