/**
 * One sync of a device: the engine with a host to talk to, until there is nothing more to do, and what came of it. Each run starts from
 * what is on disk and may die at any moment; the next one goes on from there.
 */
import { lbryFormat, sameContent, emptyWallet, WalletError } from "@holdfast/wallet/lbry";
import type { OpenWallet } from "../device/open-wallet.ts";
import type { OnlineAccount } from "../device/wallet-holder.ts";
import type { DriverStep } from "../driver/create-driver.ts";
import type { Decision, RevisionRef, SyncDirection } from "../engine/index.ts";
import type { HostMisbehaves, MergeRefused, SyncStop, WalletTooLarge } from "../outcomes.ts";
import { sameName, type LbryContent } from "../protocol-3/revision-text.ts";
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

export type SyncRunFailure = WalletTooLarge | MergeRefused | SyncStop;

/** Syncs with the token at hand. */
export async function runSync(
  wallet: OpenWallet,
  request: SyncRequest,
): Promise<SyncReport | SyncRunFailure> {
  const { driver, holder } = wallet;
  const gone = await holder.goOnline((content) => receive(wallet, content));
  if (gone.type !== "online") return gone;
  const { online } = gone;
  const { direction, evenIfSame = false, decision = "try-again" } = request;
  driver.dispatch({ type: "sync-wanted", direction, evenIfSame });
  const watched = watchRun(wallet);
  driver.unlock(online.sync);
  // After the unlocking, which begins anew whatever an earlier run left under way.
  driver.dispatch({ type: "decided", decision });
  await wallet.whenQuiet();
  const report = watched.report();
  await holder.afterSync(report.sequence);
  return explainStop(wallet, online) ?? report;
}

/** Under this device's name for the wallet; one without content has none to keep. */
export function receive({ record: { local } }: OpenWallet, content: LbryContent): LbryContent {
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
export function explainStop(wallet: OpenWallet, online: OnlineAccount): SyncRunFailure | null {
  const { access, network, record, tooLarge } = wallet.driver.state();
  if (record.problem !== null) {
    const rejection = online.rejection();
    if (rejection?.isNewer === true) return { type: "merge-refused", detail: rejection.detail };
    const seen = online.stoppedBy();
    if (seen?.type === "host-misbehaves") return seen;
    return describeProblem(record.problem, rejection?.detail ?? null);
  }
  const seen = online.stoppedBy();
  if (access.type === "refused") return seen ?? { type: "session-ended", detail: "" };
  if (network.lastFailure === "not-sealed") throw asError(online.sealFailure());
  if (network.lastFailure !== null) return seen ?? contradicts;
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
