import { changeCredentials } from "../account/change-credentials.ts";
import { rotateAccount } from "../account/rotate-account.ts";
import type { UnlockedAccount } from "../account/unlocked-account.ts";
import type { WalletId } from "../identifiers.ts";
import { secretOf } from "../keyring/keyring.ts";
import type { RevisionContent } from "../revision/content.ts";
import { type Head, headOf } from "../revision/header.ts";
import { type SealedRevision, sealRevision } from "../revision/seal-revision.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { generationKeys } from "../wallet/generation-keys.ts";
import { sampleAccount, samplePassword, sampleTime } from "./sample-account.ts";

export const mainWallet = "default" as WalletId;

export function sampleContent(text: string): RevisionContent {
  return { format: "json", document: `{"text":"${text}"}`, conflicts: "[]", retired: "[]" };
}

/** A wallet's history across a rotation: three revisions in generation 1, a password change, one more, a rotation, two in generation 2. */
export interface SampleWallet {
  readonly before: UnlockedAccount;
  readonly after: UnlockedAccount;
  /** From the first. */
  readonly states: readonly VerifiedState[];
  readonly revisions: readonly SealedRevision[];
}

export function sampleWallet(seed = "wallet"): SampleWallet {
  const start = sampleAccount(seed);
  const { random } = start;
  const env = { random, savedAt: sampleTime };
  const revisions: SealedRevision[] = [];
  const push = (account: UnlockedAccount, text: string): Head => {
    const last = revisions.at(-1);
    const revision = sealNext(account, last && headOf(last.header), text, random);
    revisions.push(revision);
    return headOf(revision.header);
  };
  push(start.account, "one");
  push(start.account, "two");
  push(start.account, "three");
  const changed = changeCredentials(
    start.account,
    { addSlots: [samplePassword(random).slot] },
    env,
  );
  const head = push(changed.account, "four");
  const rotation = {
    slots: [samplePassword(random).slot],
    heads: new Map([[mainWallet, head.hash]]),
  };
  const rotated = rotateAccount(changed.account, rotation, env);
  push(rotated.account, "five");
  push(rotated.account, "six");
  const states = [start, changed, rotated].map(({ account }) => account.state);
  return { before: changed.account, after: rotated.account, states, revisions };
}

/** The revision that a device with this account pushes on this head. */
export function sealNext(
  { state, keyring }: UnlockedAccount,
  head: Head | undefined,
  text: string,
  random: Parameters<typeof sealRevision>[1],
): SealedRevision {
  const generation = state.wallets.find(({ walletId }) => walletId === mainWallet)?.generation ?? 1;
  return sealRevision(
    {
      identity: state.account.identity,
      walletId: mainWallet,
      head,
      generation,
      epoch: state.epoch,
      deviceId: "device-1",
      savedAt: sampleTime,
      content: sampleContent(text),
      keys: generationKeys(secretOf(keyring, mainWallet, generation)),
    },
    random,
  );
}
