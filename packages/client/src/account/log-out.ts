import type { DeviceSettings } from "../device/device-settings.ts";
import { holdAccount } from "../device/held-device.ts";
import { createHolder3 } from "../device/holder-3.ts";
import { useWallet } from "../device/open-wallet.ts";
import type { LogoutOutcome } from "../outcomes.ts";

/** Forgets token, password and keys (P3C-23). */
export async function logOut(settings: DeviceSettings): Promise<LogoutOutcome> {
  return await holdAccount(settings, undefined, async (account): Promise<LogoutOutcome> => {
    const read = await useWallet(
      createHolder3(account),
      async ({ hasLocalChanges }) =>
        await Promise.resolve({ type: "read" as const, hasLocalChanges }),
    );
    const hadUnpushedChanges = read.type === "read" ? read.hasLocalChanges : null;
    await account.change({
      session: null,
      secrets: null,
      previousWalletPassword: null,
      passwordChange: null,
    });
    return { type: "logged-out", hadUnpushedChanges };
  });
}
