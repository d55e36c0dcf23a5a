import type { LocalFailure, NoProfile } from "../outcomes.ts";
import { holdAccount, type DeviceSettings } from "./held-device.ts";
import { createHolder3 } from "./holder-3.ts";
import type { WalletHolder } from "./wallet-holder.ts";

/** Runs `work` on the profile's wallet with the device's lock held, whatever the account's protocol. */
export async function holdWallet<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (holder: WalletHolder) => Promise<Outcome>,
): Promise<Outcome | LocalFailure | NoProfile> {
  return await holdAccount(settings, signal, async (account) => await work(createHolder3(account)));
}
