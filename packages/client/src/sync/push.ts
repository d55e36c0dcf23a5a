/**
 * Sending the local wallet as the next revision (P3C-24 to P3C-26, P3C-31). The exact bytes are durable before they are sent.
 * While their fate is unknown they are sent again as they are, and recognised wherever the host shows them.
 */
import { parseWallet, sameContent } from "@holdfast/wallet/lbry";
import {
  isUntouched,
  readLocalWallet,
  writeLocalWallet,
  type LocalWallet,
} from "../device/local-wallet.ts";
import type { KnownRevision } from "../device/profile.ts";
import type { LocalWalletUnusable, MergeRefused, PushOutcome } from "../outcomes.ts";
import type { Revision } from "../protocol-3/host-api.ts";
import { judgeRemote } from "./judge-remote.ts";
import type { OnlineAccount } from "./online-account.ts";
import { findKeys, sealRevision, wrongHmac } from "./revision.ts";

export async function pushOnce(online: OnlineAccount): Promise<PushOutcome> {
  const { account, secrets } = online;
  const { inFlight } = account.profile;
  if (inFlight !== null) {
    const settled = await send(online, inFlight);
    if (settled.type !== "pushed") return settled;
    const local = await readLocalWallet(account);
    if (local.type !== "wallet") return local;
    if (isUntouched(local.wallet, account.profile.synced)) return { ...settled, recovered: true };
  }
  const local = await readWholeWallet(online);
  if (local.type !== "wallet") return local;
  const sequence = (account.profile.synced?.sequence ?? 0) + 1;
  const revision = await sealRevision(account, local.wallet, sequence, secrets);
  await account.change({ inFlight: revision });
  return await send(online, revision);
}

/** The local wallet, with whatever key or open conflict of the merge base another program took out of its file. */
async function readWholeWallet({
  account,
  merge,
}: OnlineAccount): Promise<LocalWallet | LocalWalletUnusable | MergeRefused> {
  const local = await readLocalWallet(account);
  const { synced } = account.profile;
  if (local.type !== "wallet" || synced === null || isUntouched(local.wallet, synced)) return local;
  const base = parseWallet(synced.walletText);
  const now = account.ports.clock.nowMs() / 1000;
  const merged = merge({ base, local: local.wallet, remote: base, now });
  if (merged.type !== "merged") return merged;
  if (sameContent(merged.wallet, local.wallet)) return local;
  const written = await writeLocalWallet(account, local, merged.wallet);
  return written.type === "written" ? await readLocalWallet(account) : written;
}

async function send(online: OnlineAccount, revision: KnownRevision): Promise<PushOutcome> {
  const { account, token } = online;
  const { encryptedWallet, sequence, hmac } = revision;
  const answer = await account.host.pushWallet(
    token,
    { encryptedWallet, sequence, hmac },
    account.signal,
  );
  switch (answer.type) {
    case "accepted":
      return await keep(online, revision);
    case "conflict":
      return await settleConflict(online, answer.newest);
    case "too-large":
      await account.change({ inFlight: null });
      return { type: "wallet-too-large", bytes: encryptedWallet.length };
    case "host-refused":
      // The host could not read it, so it will not store it later either; any other refusal may come from in between.
      if (answer.status === 400) await account.change({ inFlight: null });
      return answer;
    case "session-ended":
    case "unreachable":
    case "host-failed":
    case "rate-limited":
    case "host-misbehaves":
      return answer;
  }
}

async function keep({ account }: OnlineAccount, revision: KnownRevision): Promise<PushOutcome> {
  const { passwordChange } = account.profile;
  // A password change that waited for this very place in line can no longer happen.
  const isOvertaken =
    passwordChange !== null && (passwordChange.revision?.sequence ?? 1) <= revision.sequence;
  await account.change({
    synced: revision,
    inFlight: null,
    passwordChange: isOvertaken ? null : passwordChange,
  });
  return { type: "pushed", sequence: revision.sequence, recovered: false };
}

async function settleConflict(online: OnlineAccount, shown: Revision | null): Promise<PushOutcome> {
  const { account, token, secrets } = online;
  let newest = shown;
  if (newest === null) {
    const answer = await account.host.fetchWallet(token, account.signal);
    if (answer.type !== "wallet" && answer.type !== "no-wallet") return answer;
    newest = answer.type === "wallet" ? answer.revision : null;
  }
  const verdict = judgeRemote(newest, account.profile);
  switch (verdict.type) {
    case "ours": {
      const kept = await keep(online, verdict.revision);
      return kept.type === "pushed" ? { ...kept, recovered: true } : kept;
    }
    case "newer":
      if (findKeys(verdict.revision, secrets) === null) return wrongHmac;
      await account.change({ inFlight: null });
      return { type: "out-of-date", remoteSequence: verdict.revision.sequence };
    case "same":
    case "none":
      return {
        type: "host-misbehaves",
        fault: "malformed-answer",
        detail: "it calls the wallet out of date, and has nothing newer",
      };
    case "host-misbehaves":
      return verdict;
  }
}
