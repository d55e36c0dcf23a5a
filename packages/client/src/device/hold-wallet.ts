import type { LocalFailure, NoProfile } from "../outcomes.ts";
import { loadHeld4 } from "./hold-account-4.ts";
import { holdProfileText } from "./hold-profile.ts";
import type { DeviceSettings } from "./device-settings.ts";
import { loadHeld3 } from "./held-device.ts";
import { createHolder3 } from "./holder-3.ts";
import { createHolder4 } from "./holder-4.ts";
import type { WalletHolder } from "./wallet-holder.ts";

/** Runs `work` on the profile's wallet with the device's lock held, whatever the account's protocol. */
export async function holdWallet<Outcome>(
  settings: DeviceSettings,
  signal: AbortSignal | undefined,
  work: (holder: WalletHolder) => Promise<Outcome>,
): Promise<Outcome | LocalFailure | NoProfile> {
  return await holdProfileText(settings, async (session, text) => {
    if (text === null) return { type: "no-profile" };
    const held4 = await loadHeld4(settings, session, signal, text);
    if (held4?.type === "held") return await work(createHolder4(held4.held));
    if (held4 !== null) return held4;
    const held3 = loadHeld3(settings, session, signal, text);
    return held3.type === "held" ? await work(createHolder3(held3.account)) : held3;
  });
}
