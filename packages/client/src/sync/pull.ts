/**
 * Taking the host's newest revision (P3C-27 to P3C-33). The wallet is written before the merge base moves: killed in
 * between, the next pull finds the same revision again, and merging what is already in changes nothing.
 */
import { parseWallet, sameContent, type WalletDocument } from "@holdfast/wallet/lbry";
import { countConflicts } from "../device/count-conflicts.ts";
import { isUntouched, readLocalWallet, writeLocalWallet } from "../device/local-wallet.ts";
import type { KnownRevision } from "../device/profile.ts";
import type { MergeRefused, PullOutcome } from "../outcomes.ts";
import type { Revision } from "../protocol-3/host-api.ts";
import { judgeRemote } from "./judge-remote.ts";
import type { OnlineAccount } from "./online-account.ts";
import { openRevision } from "./revision.ts";

export async function pullOnce(online: OnlineAccount): Promise<PullOutcome> {
  const { account, token } = online;
  const answer = await account.host.fetchWallet(token, account.signal);
  if (answer.type !== "wallet" && answer.type !== "no-wallet") return answer;
  const remote = answer.type === "wallet" ? answer.revision : null;
  const verdict = judgeRemote(remote, account.profile);
  switch (verdict.type) {
    case "host-misbehaves":
      return verdict;
    case "newer":
      return await takeNewer(online, verdict.revision);
    case "ours":
      await account.change({ synced: verdict.revision, inFlight: null });
      return await reportUnchanged(online);
    case "same":
    case "none":
      return await reportUnchanged(online);
  }
}

async function reportUnchanged({ account }: OnlineAccount): Promise<PullOutcome> {
  const local = await readLocalWallet(account);
  if (local.type !== "wallet") return local;
  const { openConflicts } = local;
  const { synced } = account.profile;
  const hasLocalChanges = !isUntouched(local.wallet, synced);
  if (synced === null) return { type: "no-remote-wallet", hasLocalChanges, openConflicts };
  return { type: "up-to-date", sequence: synced.sequence, hasLocalChanges, openConflicts };
}

async function takeNewer(online: OnlineAccount, revision: Revision): Promise<PullOutcome> {
  const { account } = online;
  const opened = await openRevision(account, revision, online.secrets);
  if (opened.type !== "opened") return opened;
  const local = await readLocalWallet(account);
  if (local.type !== "wallet") return local;
  const joined = join(online, local.wallet, opened.wallet, account.profile.synced);
  if (joined.type === "merge-refused") return joined;
  if (!sameContent(local.wallet, joined.wallet)) {
    const written = await writeLocalWallet(account, local, joined.wallet);
    if (written.type !== "written") return written;
  }
  // What was in flight carried this sequence or a lower one, so it lost, or is part of what was just taken.
  await account.change({ synced: opened.known, inFlight: null });
  return {
    type: "pulled",
    sequence: revision.sequence,
    how: joined.how,
    hasLocalChanges: !sameContent(joined.wallet, opened.wallet),
    openConflicts: countConflicts(joined.wallet),
  };
}

function join(
  { account, merge }: OnlineAccount,
  local: WalletDocument,
  remote: WalletDocument,
  synced: KnownRevision | null,
):
  | {
      readonly type: "joined";
      readonly how: "nothing-to-merge" | "merged";
      readonly wallet: WalletDocument;
    }
  | MergeRefused {
  if (sameContent(local, remote)) return { type: "joined", how: "nothing-to-merge", wallet: local };
  const base = synced === null ? null : parseWallet(synced.walletText);
  const now = account.ports.clock.nowMs() / 1000;
  const merged = merge({ base, local, remote, now });
  if (merged.type !== "merged") return merged;
  // Taken as it is, unless it lacks a key or a question of ours: then even an untouched wallet is merged into it.
  const isTaken = isUntouched(local, synced) && sameContent(merged.wallet, remote);
  const how = isTaken ? "nothing-to-merge" : "merged";
  return { type: "joined", how, wallet: merged.wallet };
}
