/** The operations on wallets, with their lock and session (P3C-22, P3C-34). */
import { lbryFormat } from "@holdfast/wallet/lbry";
import type { DeviceSettings } from "../device/device-settings.ts";
import { withWallet, type OpenWallet } from "../device/open-wallet.ts";
import type { Decision } from "../engine/index.ts";
import type {
  HealingNeeds,
  LookOutcome,
  PullOutcome,
  PushOutcome,
  SyncOutcome,
} from "../outcomes.ts";
import type { HealingSecrets } from "../protocol-4/heal/heal-host.ts";
import { sameName } from "../protocol-3/revision-text.ts";
import { runSync, type SyncReport, type SyncRunFailure } from "./run-sync.ts";

export async function push(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
): Promise<PushOutcome> {
  return await withWallet(settings, signal, async (wallet): Promise<PushOutcome> => {
    const ran = await runSync(wallet, { direction: "push", evenIfSame: true });
    if (ran.type !== "ran") return await explained(wallet, ran);
    if (ran.pushed !== null) return { type: "pushed", ...ran.pushed };
    return { type: "out-of-date", remoteSequence: wallet.driver.state().overtakenBy };
  });
}

export async function pull(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
): Promise<PullOutcome> {
  return await withWallet(settings, signal, async (wallet): Promise<PullOutcome> => {
    const ran = await runSync(wallet, { direction: "pull" });
    if (ran.type !== "ran") return await explained(wallet, ran);
    const { hasLocalChanges, openConflicts } = wallet;
    if (ran.pulled !== null)
      return { type: "pulled", ...ran.pulled, hasLocalChanges, openConflicts };
    if (ran.sequence === 0) return { type: "no-remote-wallet", hasLocalChanges, openConflicts };
    return { type: "up-to-date", sequence: ran.sequence, hasLocalChanges, openConflicts };
  });
}

/** A session that the host ended may be the smaller part of what it has to say. */
async function explained({ holder }: OpenWallet, failure: SyncRunFailure): Promise<SyncRunFailure> {
  const isEnded = failure.type === "session-ended" || failure.type === "not-logged-in";
  return (isEnded ? await holder.whyEnded() : null) ?? failure;
}

export type SyncWanted = {
  readonly decision?: Decision | undefined;
  readonly healing?: HealingSecrets | undefined;
};

export async function sync(
  settings: DeviceSettings,
  { decision, healing = {} }: SyncWanted,
  signal: AbortSignal | undefined,
): Promise<SyncOutcome> {
  return await withWallet(settings, signal, async (wallet): Promise<SyncOutcome> => {
    if (decision !== "heal") return await syncWallet(wallet, decision);
    const healed = await wallet.holder.healHost(healing);
    if (healed.type === "to-be-merged") return await syncWallet(wallet, "heal");
    if (healed.type !== "healed") return healed;
    const outcome = await syncWallet(wallet, "try-again");
    // It has all that this device could give, and still not what the wallet here came from: both are brought together.
    return outcome.type === "host-misbehaves" ? await syncWallet(wallet, "heal") : outcome;
  });
}

/** With the wallet open: syncs, and logs in once by itself where a token is missing or dead. */
export async function syncWallet(
  wallet: OpenWallet,
  decision?: Decision,
): Promise<Exclude<SyncOutcome, HealingNeeds>> {
  const hadChanges = wallet.hasLocalChanges || wallet.record.inFlight !== null;
  const request = { direction: "both", ...(decision !== undefined && { decision }) } as const;
  const first = await runSync(wallet, request);
  if (first.type !== "not-logged-in" && first.type !== "session-ended")
    return outcomeOf(wallet, first, hadChanges);
  const login = await wallet.holder.logIn();
  if (login.type !== "logged-in") return login;
  return outcomeOf(wallet, await runSync(wallet, request), hadChanges);
}

function outcomeOf(
  wallet: OpenWallet,
  ran: SyncReport | SyncRunFailure,
  hadChanges: boolean,
): Exclude<SyncOutcome, HealingNeeds> {
  if (ran.type !== "ran") return ran;
  if (wallet.hasLocalChanges) return { type: "unsettled", rounds: ran.rounds };
  return {
    type: "synced",
    sequence: ran.sequence,
    pulled: ran.pulled !== null,
    merged: ran.pulled?.how === "merged",
    pushed: ran.pushed !== null,
    corrected: ran.pushed !== null && !hadChanges,
    openConflicts: wallet.openConflicts,
  };
}

/** What the host shows that made this device stop, set against the wallet on this device; changes neither (SYNC-12). */
export async function lookAtHost(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
): Promise<LookOutcome> {
  return await withWallet(settings, signal, async (wallet): Promise<LookOutcome> => {
    if (wallet.record.problem === null) return { type: "no-host-problem" };
    const ran = await runSync(wallet, { direction: "pull", decision: "look" });
    if (ran.type !== "ran" && ran.type !== "host-misbehaves") return ran;
    const look = wallet.driver.state().look;
    if (look === null) return ran.type === "ran" ? { type: "no-host-problem" } : ran;
    if (look.type !== "content") return { type: "looked", shows: look.type, differences: [] };
    const { local } = wallet.record;
    const changes = lbryFormat.diff(local.document, sameName(local, look.content).document);
    return { type: "looked", shows: "wallet", differences: lbryFormat.describe(changes) };
  });
}
