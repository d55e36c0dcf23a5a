/**
 * Host and a running LBRY daemon, brought together (P3C-46). The wallet in the profile stands between the two: it is
 * synced with the host, then given to the daemon, whose own rules merge it; what the daemon had more comes back the same way.
 */
import {
  lbryFormat,
  packWallet,
  parseWallet,
  sameContent,
  unpackBlob,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import { holdAccount, type DeviceSettings, type HeldAccount } from "../device/held-device.ts";
import { placeOf, readLocalWallet, writeLocalWallet } from "../device/local-wallet.ts";
import type { LocalWalletUnusable } from "../outcomes.ts";
import type { Secret } from "../secret.ts";
import { mergeAsSdk } from "../sync/merge-as-sdk.ts";
import type { MergeRule } from "../sync/merge-rule.ts";
import { syncAccount } from "../sync/sync.ts";
import type { DaemonClient, DaemonFailure, SyncDaemonOutcome } from "./daemon-types.ts";

const maxRounds = 4;

type Peer = {
  readonly daemon: DaemonClient;
  readonly walletId: string | undefined;
  readonly password: Secret;
};
type DaemonWallet = {
  readonly type: "daemon-wallet";
  readonly wallet: WalletDocument;
  readonly hash: string;
};

export async function syncDaemon(
  settings: DeviceSettings,
  merge: MergeRule,
  { daemon, walletId }: { readonly daemon: DaemonClient; readonly walletId?: string },
  signal: AbortSignal | undefined,
): Promise<SyncDaemonOutcome> {
  return await holdAccount(settings, signal, async (account): Promise<SyncDaemonOutcome> => {
    const { secrets, walletPath } = account.profile;
    if (walletPath !== null) {
      const location = settings.ports.store.describe(placeOf({ walletPath }));
      return { type: "wallet-file-linked", location };
    }
    if (secrets === null) return { type: "password-needed" };
    const status = await daemon.walletStatus(named(walletId), signal);
    if (status.type !== "status") return status;
    if (status.isLocked) return { type: "daemon-wallet-locked" };
    const peer = { daemon, walletId, password: secrets.walletPassword };
    return await meet(account, merge, peer);
  });
}

async function meet(
  account: HeldAccount,
  merge: MergeRule,
  peer: Peer,
): Promise<SyncDaemonOutcome> {
  const before = await askDaemon(account, peer, null);
  if (before.type !== "daemon-wallet") return before;
  let pushed = false;
  let current = before;
  for (let round = 1; round <= maxRounds; round += 1) {
    const synced = await syncAccount(account, merge);
    if (synced.type !== "synced") return synced;
    pushed ||= synced.pushed;
    const local = await readLocalWallet(account);
    if (local.type !== "wallet") return local;
    const given = withoutNotes(local.wallet);
    if (!sameContent(current.wallet, given)) {
      const answered = await askDaemon(account, peer, given);
      if (answered.type !== "daemon-wallet") return answered;
      current = answered;
    }
    const taken = await takeFromDaemon(account, current.wallet);
    if (taken.type === "nothing-new") {
      const applied = !sameContent(before.wallet, current.wallet);
      const { sequence } = synced;
      return { type: "daemon-synced", sequence, applied, pushed, hash: current.hash };
    }
    if (taken.type !== "taken") return taken;
  }
  return { type: "unsettled", rounds: maxRounds };
}

/** What a daemon may know: it would write conflicts and retired keys into its file in the clear, also where seeds are encrypted. */
function withoutNotes(wallet: WalletDocument): WalletDocument {
  return lbryFormat.contentOf(wallet).document;
}

/** Has the daemon merge `given` (null: nothing) and reads what it then has. */
async function askDaemon(
  { ports, signal }: HeldAccount,
  { daemon, walletId, password }: Peer,
  given: WalletDocument | null,
): Promise<DaemonWallet | DaemonFailure> {
  const { scrypt } = ports;
  const iv = ports.randomBytes(16);
  const data =
    given === null ? {} : { data: await packWallet(given, password.reveal(), { iv, scrypt }) };
  const answer = await daemon.syncApply({ password, ...data, ...named(walletId) }, signal);
  if (answer.type !== "applied") return answer;
  try {
    const text = await unpackBlob(answer.data, password.reveal(), { scrypt });
    return { type: "daemon-wallet", wallet: parseWallet(text), hash: answer.hash };
  } catch (error) {
    if (!(error instanceof WalletError)) throw error;
    return { type: "daemon-malformed-answer", detail: error.message };
  }
}

/** Merges what the daemon has into the wallet in the profile, as the daemon itself would: it says nothing of what it once had. */
async function takeFromDaemon(
  account: HeldAccount,
  theirs: WalletDocument,
): Promise<
  | { readonly type: "nothing-new" }
  | { readonly type: "taken" }
  | { readonly type: "merge-refused"; readonly detail: string }
  | LocalWalletUnusable
> {
  const local = await readLocalWallet(account);
  if (local.type !== "wallet") return local;
  const now = account.ports.clock.nowMs() / 1000;
  const merged = mergeAsSdk({ base: null, local: local.wallet, remote: theirs, now });
  if (merged.type !== "merged") return merged;
  if (sameContent(merged.wallet, local.wallet)) return { type: "nothing-new" };
  const written = await writeLocalWallet(account, local, merged.wallet);
  return written.type === "written" ? { type: "taken" } : written;
}

function named(walletId: string | undefined): { readonly walletId?: string } {
  return walletId === undefined ? {} : { walletId };
}
