/**
 * One sync of a device: the engine with a host to talk to, until there is nothing more to do, and what came of it. Each run starts from
 * what is on disk and may die at any moment; the next one goes on from there.
 */
import { lbryFormat, sameContent, emptyWallet, WalletError } from "@holdfast/wallet/lbry";
import { settlePasswordChange } from "../account/settle-password-change.ts";
import type { HeldAccount } from "../device/held-device.ts";
import type { OpenWallet } from "../device/open-wallet.ts";
import type { DriverStep } from "../driver/create-driver.ts";
import type { Decision, RevisionRef, SyncDirection } from "../engine/index.ts";
import type {
  HostFailure,
  HostMisbehaves,
  MergeRefused,
  SessionFailure,
  WalletTooLarge,
} from "../outcomes.ts";
import { sameName, type LbryContent } from "../protocol-3/revision-text.ts";
import {
  createWalletAccount,
  type NextKeys,
  type WalletAccount,
} from "../protocol-3/wallet-account.ts";
import { adoptPasswordChange } from "../account/settle-password-change.ts";
import { describeProblem } from "./describe-problem.ts";

const maxRounds = 8;

export type SyncRequest = {
  readonly direction: SyncDirection;
  /** pushes a revision also when nothing changed */
  readonly evenIfSame?: boolean;
  /** what to do about a host that misbehaved; default: look once more */
  readonly decision?: Decision;
};

/** What a run did, when nothing stopped it. */
export type SyncReport = {
  readonly type: "ran";
  /** of the merge base; 0: none */
  readonly sequence: number;
  /** null: nothing newer was taken */
  readonly pulled: {
    readonly sequence: number;
    readonly how: "nothing-to-merge" | "merged";
  } | null;
  /** null: nothing was pushed; `recovered`: it had been in flight before this run */
  readonly pushed: { readonly sequence: number; readonly recovered: boolean } | null;
  /** how many revisions from elsewhere were taken */
  readonly rounds: number;
};

export type SyncRunFailure = WalletTooLarge | MergeRefused | SessionFailure | HostFailure;

/** Syncs with the token at hand. */
export async function runSync(
  wallet: OpenWallet,
  request: SyncRequest,
): Promise<SyncReport | SyncRunFailure> {
  const online = await goOnline(wallet, null);
  if (online.type !== "online") return online;
  const { driver } = wallet;
  const { direction, evenIfSame = false, decision = "try-again" } = request;
  driver.dispatch({ type: "sync-wanted", direction, evenIfSame });
  driver.dispatch({ type: "decided", decision });
  const watched = watchRun(wallet);
  driver.unlock(online.walletAccount);
  await wallet.whenQuiet();
  const report = watched.report();
  await dropOvertakenChange(wallet);
  return explainStop(wallet, online.walletAccount) ?? report;
}

/** The host account of a held device; settles a password change whose answer was lost first (P3C-39). */
export async function goOnline(
  wallet: OpenWallet,
  nextKeys: NextKeys | null,
): Promise<
  { readonly type: "online"; readonly walletAccount: WalletAccount } | SessionFailure | HostFailure
> {
  const { account } = wallet;
  const settled = await settlePasswordChange(account);
  if (settled.type !== "settled") return settled;
  const { secrets, session, email, saltSeed } = account.profile;
  if (secrets === null) return { type: "password-needed" };
  if (session === null) return { type: "not-logged-in" };
  const { scrypt, randomBytes } = account.ports;
  return {
    type: "online",
    walletAccount: createWalletAccount({
      host: account.host,
      email,
      token: session.token,
      saltSeed,
      secrets,
      nextKeys,
      adoptNextKeys: async () => {
        await adoptNextKeys(account);
      },
      receive: (content) => receive(wallet.record.local, content),
      scrypt,
      randomBytes,
      signal: account.signal,
    }),
  };
}

/** A password change that waited for a place in line which another revision took meanwhile can no longer happen (P3C-39). */
async function dropOvertakenChange({ account, record }: OpenWallet): Promise<void> {
  const { passwordChange } = account.profile;
  if (passwordChange !== null && record.synced.sequence >= passwordChange.sequence)
    await account.change({ passwordChange: null });
}

async function adoptNextKeys(account: HeldAccount): Promise<void> {
  const { passwordChange } = account.profile;
  if (passwordChange !== null) await adoptPasswordChange(account, passwordChange);
}

/** Under this device's name for the wallet; one without content has none to keep. */
function receive(local: LbryContent, content: LbryContent): LbryContent {
  return sameContent(local.document, emptyWallet()) ? content : sameName(local, content);
}

type Watched = { report(): SyncReport };

function watchRun(wallet: OpenWallet): Watched {
  const before = wallet.record.inFlight?.revision.hash;
  let rounds = 0;
  let pulled: SyncReport["pulled"] = null;
  let pushed: SyncReport["pushed"] = null;
  const stop = wallet.observe((step) => {
    const taken = takenBy(step);
    if (taken !== null) {
      const how = pulled?.how === "merged" ? "merged" : taken.how;
      pulled = { sequence: taken.sequence, how };
      rounds += 1;
      // Others never stop writing: what is left waits for the next sync.
      if (rounds === maxRounds) wallet.driver.dispatch({ type: "sync-wanted", direction: "pull" });
    }
    const accepted = acceptedBy(step);
    if (accepted !== null)
      pushed = { sequence: accepted.sequence, recovered: accepted.hash === before };
  });
  return {
    report() {
      stop();
      return {
        type: "ran",
        sequence: wallet.record.synced.sequence,
        pulled,
        pushed,
        rounds,
      };
    },
  };
}

/** The revision from elsewhere that a step made the merge base, and how the wallet on this device came of it. */
function takenBy({
  event,
  before,
  after,
}: DriverStep<LbryContent>): NonNullable<SyncReport["pulled"]> | null {
  if (event.type !== "opened" || event.outcome.type !== "opened") return null;
  if (before.record.synced === after.record.synced) return null;
  const theirs = event.outcome.content;
  const isSame = lbryFormat.equal(before.record.local, theirs);
  const isTaken = !before.differs && lbryFormat.equal(after.record.local, theirs);
  return {
    sequence: after.record.synced.sequence,
    how: isSame || isTaken ? "nothing-to-merge" : "merged",
  };
}

/** The revision in flight that a step found on the host. */
function acceptedBy({ before, after }: DriverStep<LbryContent>): RevisionRef | null {
  const revision = before.record.inFlight?.revision;
  const { synced, inFlight } = after.record;
  return revision !== undefined && inFlight === null && synced.hash === revision.hash
    ? revision
    : null;
}

/** Why a run ended before everything was done; null: it did not. */
export function explainStop(wallet: OpenWallet, { seen }: WalletAccount): SyncRunFailure | null {
  const { access, network, record, tooLarge } = wallet.driver.state();
  if (record.problem !== null) {
    const { rejection } = seen;
    if (rejection?.code === "unsupported-version")
      return { type: "merge-refused", detail: rejection.message };
    return describeProblem(record.problem, rejection?.message ?? null);
  }
  if (access.type === "refused") {
    return seen.failure?.type === "session-ended"
      ? seen.failure
      : { type: "session-ended", detail: "" };
  }
  if (network.lastFailure === "not-sealed") throw asError(seen.sealFailure);
  if (network.lastFailure !== null) return seen.failure ?? contradicts;
  if (tooLarge !== null) return { type: "wallet-too-large", bytes: tooLarge.sizeBytes };
  return null;
}

/** It refused a push, and when asked showed nothing newer. */
const contradicts: HostMisbehaves = {
  type: "host-misbehaves",
  fault: "malformed-answer",
  detail: "it calls the wallet out of date, and shows nothing newer",
};

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new WalletError("malformed-wallet", String(thrown));
}
