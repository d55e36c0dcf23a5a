import type { StatusOutcome } from "../outcomes.ts";
import { holdAccount, type DeviceSettings } from "./held-device.ts";
import { isUntouched, placeOf, readLocalWallet } from "./local-wallet.ts";

/** What the profile remembers; asks nobody. */
export async function readStatus(settings: DeviceSettings): Promise<StatusOutcome> {
  return await holdAccount(settings, undefined, async (account): Promise<StatusOutcome> => {
    const { profile } = account;
    const local = await readLocalWallet(account);
    const isReadable = local.type === "wallet";
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
      syncedSequence: profile.synced?.sequence ?? 0,
      hasLocalChanges: isReadable ? !isUntouched(local.wallet, profile.synced) : null,
      openConflicts: isReadable ? local.openConflicts : null,
      walletProblem: isReadable ? null : local,
      inFlightSequence: profile.inFlight?.sequence ?? null,
      isPasswordChangePending: profile.passwordChange !== null,
      walletLocation: settings.ports.store.describe(placeOf(profile)),
      isWalletLinked: profile.walletPath !== null,
    };
  });
}
