/**
 * Host and a running LBRY daemon, brought together (P3C-46). The wallet in the profile stands between the two. What changed in the daemon's
 * wallet since it was last seen is merged in three-way; then host and device sync; then the daemon gets the result through `sync_apply`.
 *
 * `sync_apply` merges by the SDK's own rules: it deletes nothing and rewrites things. So the daemon is compared with what it should hold
 * after the last apply, never with what was synced: what it brings back is not taken for a person's edit.
 */
import {
  emptyWallet,
  mergeWallets,
  packWallet,
  parseWallet,
  sameContent,
  unpackBlob,
  WalletError,
  type WalletDocument,
} from "@holdfast/wallet/lbry";
import type { DeviceSettings } from "../device/device-settings.ts";
import { withWallet, type OpenWallet } from "../device/open-wallet.ts";
import { contentOfWallet } from "../protocol-3/revision-text.ts";
import type { Secret } from "../secret.ts";
import { syncWallet } from "../sync/sync.ts";
import type { DaemonClient, DaemonFailure, SyncDaemonOutcome } from "./daemon-types.ts";

const maxRounds = 4;

type Peer = {
  /** what the profile remembers it by */
  readonly name: string;
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
  { daemon, walletId }: { readonly daemon: DaemonClient; readonly walletId?: string },
  signal: AbortSignal | undefined,
): Promise<SyncDaemonOutcome> {
  return await withWallet(settings, signal, async (wallet): Promise<SyncDaemonOutcome> => {
    const { daemonPassword: password, walletPath } = wallet.holder;
    if (walletPath !== null) {
      const location = settings.ports.store.describe({ path: walletPath });
      return { type: "wallet-file-linked", location };
    }
    if (password === null) return { type: "password-needed" };
    const status = await daemon.walletStatus(named(walletId), signal);
    if (status.type !== "status") return status;
    if (status.isLocked) return { type: "daemon-wallet-locked" };
    const name = `daemon:${walletId ?? ""}`;
    try {
      return await meet(wallet, { name, daemon, walletId, password });
    } catch (error) {
      if (!(error instanceof WalletError)) throw error;
      return { type: "merge-refused", detail: error.message };
    }
  });
}

async function meet(wallet: OpenWallet, peer: Peer): Promise<SyncDaemonOutcome> {
  const before = await askDaemon(wallet, peer, null);
  if (before.type !== "daemon-wallet") return before;
  let pushed = false;
  let current = before;
  for (let round = 1; round <= maxRounds; round += 1) {
    await wallet.takeFrom(peer.name, contentOfWallet(current.wallet));
    const synced = await syncWallet(wallet);
    if (synced.type !== "synced") return synced;
    pushed ||= synced.pushed;
    // Conflicts and retired keys stay here: a daemon would write them into its file in the clear, also where seeds are encrypted.
    const given = wallet.record.local.document;
    if (!isMeantTheSame(wallet, current.wallet, given)) {
      const expected = mergeAsDaemon(wallet, current.wallet, given);
      const answered = await askDaemon(wallet, peer, given);
      if (answered.type !== "daemon-wallet") return answered;
      current = answered;
      await wallet.rememberPeer(peer.name, contentOfWallet(expected));
    }
    if (sameContent(seenOf(wallet, peer), current.wallet)) {
      const applied = !sameContent(before.wallet, current.wallet);
      const { sequence } = synced;
      return { type: "daemon-synced", sequence, applied, pushed, hash: current.hash };
    }
  }
  return { type: "unsettled", rounds: maxRounds };
}

/** What the daemon was last seen to hold. */
function seenOf(wallet: OpenWallet, { name }: Peer): WalletDocument {
  return wallet.peer(name)?.document ?? emptyWallet();
}

/** Whether giving it to the daemon would change nothing there. */
function isMeantTheSame(
  wallet: OpenWallet,
  daemons: WalletDocument,
  given: WalletDocument,
): boolean {
  return sameContent(daemons, mergeAsDaemon(wallet, daemons, given));
}

/** What `sync_apply` makes of it, by the SDK's rules. */
function mergeAsDaemon(
  { holder }: OpenWallet,
  daemons: WalletDocument,
  given: WalletDocument,
): WalletDocument {
  const now = holder.ports.clock.nowMs() / 1000;
  return mergeWallets(daemons, given, { now });
}

/** Has the daemon merge `given` (null: nothing) and reads what it then has. */
async function askDaemon(
  { holder }: OpenWallet,
  { daemon, walletId, password }: Peer,
  given: WalletDocument | null,
): Promise<DaemonWallet | DaemonFailure> {
  const { ports, signal } = holder;
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

function named(walletId: string | undefined): { readonly walletId?: string } {
  return walletId === undefined ? {} : { walletId };
}
