import type { StatusOutcome } from "../outcomes.ts";
import { describeProblem } from "../sync/describe-problem.ts";
import { holdAccount, type DeviceSettings, type HeldAccount } from "./held-device.ts";
import { createHolder3 } from "./holder-3.ts";
import { useWallet } from "./open-wallet.ts";

/** What the profile remembers; asks nobody. */
export async function readStatus(settings: DeviceSettings): Promise<StatusOutcome> {
  return await holdAccount(settings, undefined, async (account): Promise<StatusOutcome> => {
    const { profile } = account;
    const { store } = settings.ports;
    const local = await readWallet(account, false);
    // Without its file, what is known of the host is still worth telling.
    const known = local.type === "wallet" ? local : await readWallet(account, true);
    const isReadable = local.type === "wallet";
    const synced = known.type === "wallet" ? known : null;
    return {
      type: "status",
      server: profile.server,
      email: profile.email,
      deviceId: profile.deviceId,
      saltSeed: profile.saltSeed,
      hasPassword: profile.secrets !== null,
      isRegistrationPending: profile.registration !== "done",
      isLoggedIn: profile.session !== null,
      expiration: profile.session?.expiration ?? null,
      syncedSequence: synced?.syncedSequence ?? null,
      hasLocalChanges: isReadable ? local.hasLocalChanges : null,
      openConflicts: isReadable ? local.openConflicts : null,
      walletProblem: isReadable ? null : local,
      hostProblem: synced?.hostProblem ?? null,
      inFlightSequence: synced?.inFlightSequence ?? null,
      isPasswordChangePending: profile.passwordChange !== null,
      walletLocation: store.describe(
        profile.walletPath === null ? "state" : { path: profile.walletPath },
      ),
      isWalletLinked: profile.walletPath !== null,
    };
  });
}

async function readWallet(account: HeldAccount, ignoresFile: boolean) {
  return await useWallet(
    createHolder3(account),
    async ({ record, hasLocalChanges, openConflicts }) =>
      await Promise.resolve({
        type: "wallet" as const,
        syncedSequence: record.synced.sequence,
        hasLocalChanges,
        openConflicts,
        inFlightSequence: record.inFlight?.revision.sequence ?? null,
        hostProblem: record.problem && describeProblem(record.problem, null),
      }),
    { ignoresFile },
  );
}
