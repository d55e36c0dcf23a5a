/** The operations on wallets, with their lock and session (P3C-34, P3C-22). */
import { logInAccount } from "../account/log-in.ts";
import { holdAccount, type DeviceSettings, type HeldAccount } from "../device/held-device.ts";
import { readLocalWallet } from "../device/local-wallet.ts";
import type { PullOutcome, PushOutcome, SyncOutcome } from "../outcomes.ts";
import type { MergeRule } from "./merge-rule.ts";
import { goOnline } from "./online-account.ts";
import { pullOnce } from "./pull.ts";
import { pushOnce } from "./push.ts";

const maxRounds = 8;

export async function push(
  settings: DeviceSettings,
  merge: MergeRule,
  signal: AbortSignal | undefined,
): Promise<PushOutcome> {
  return await holdAccount(settings, signal, async (account): Promise<PushOutcome> => {
    const gone = await goOnline(account, merge);
    return gone.type === "online" ? await pushOnce(gone.online) : gone;
  });
}

export async function pull(
  settings: DeviceSettings,
  merge: MergeRule,
  signal: AbortSignal | undefined,
): Promise<PullOutcome> {
  return await holdAccount(settings, signal, async (account): Promise<PullOutcome> => {
    const gone = await goOnline(account, merge);
    return gone.type === "online" ? await pullOnce(gone.online) : gone;
  });
}

export async function sync(
  settings: DeviceSettings,
  merge: MergeRule,
  signal: AbortSignal | undefined,
): Promise<SyncOutcome> {
  return await holdAccount(
    settings,
    signal,
    async (account): Promise<SyncOutcome> => await syncAccount(account, merge),
  );
}

/** With the lock held: syncs, and logs in once by itself where a token is missing or dead. */
export async function syncAccount(account: HeldAccount, merge: MergeRule): Promise<SyncOutcome> {
  const first = await syncRounds(account, merge);
  if (first.type !== "not-logged-in" && first.type !== "session-ended") return first;
  const login = await logInAccount(account);
  switch (login.type) {
    case "logged-in":
      return await syncRounds(account, merge);
    case "credentials-refused":
    case "not-verified":
    case "password-needed":
    case "unreachable":
    case "host-failed":
    case "host-refused":
    case "host-misbehaves":
    case "rate-limited":
      return login;
  }
}

async function syncRounds(account: HeldAccount, merge: MergeRule): Promise<SyncOutcome> {
  let pulled = false;
  let merged = false;
  for (let round = 1; round <= maxRounds; round += 1) {
    const gone = await goOnline(account, merge);
    if (gone.type !== "online") return gone;
    const pull = await pullOnce(gone.online);
    if (pull.type === "pulled") {
      pulled = true;
      merged ||= pull.how === "merged";
    } else if (pull.type !== "up-to-date" && pull.type !== "no-remote-wallet") {
      return pull;
    }
    if (!pull.hasLocalChanges && account.profile.inFlight === null) {
      const sequence = account.profile.synced?.sequence ?? 0;
      const { openConflicts } = pull;
      return { type: "synced", sequence, pulled, merged, pushed: false, openConflicts };
    }
    const push = await pushOnce(gone.online);
    if (push.type === "pushed") {
      const local = await readLocalWallet(account);
      if (local.type !== "wallet") return local;
      const { openConflicts } = local;
      return {
        type: "synced",
        sequence: push.sequence,
        pulled,
        merged,
        pushed: true,
        openConflicts,
      };
    }
    if (push.type !== "out-of-date") return push;
  }
  return { type: "unsettled", rounds: maxRounds };
}
