/** `sync` with the decision to heal, over protocol 4 (SYNC-13, P4K-59): the host gets back what it lost, as it was. */
import { healHost, type HealingSecrets } from "../protocol-4/heal/heal-host.ts";
import type { HealOutcome } from "../protocol-4/heal/heal-outcome.ts";
import type { HeldProfile4 } from "./hold-account-4.ts";
import { stopOf } from "./stop-of-4.ts";
import { unlockHeld } from "./unlock-held-4.ts";
import type { HealedHost } from "./wallet-holder.ts";

export async function healAccount4(
  held: HeldProfile4,
  secrets: HealingSecrets,
): Promise<HealedHost> {
  const locked = await unlockHeld(held);
  if (locked !== null) return locked;
  const { account, signal } = held;
  const input = { ...secrets, ...(signal !== undefined && { signal }) };
  return judge(held, await healHost(account, input));
}

function judge({ profile }: HeldProfile4, outcome: HealOutcome): HealedHost {
  switch (outcome.type) {
    case "healed":
      return { type: "healed" };
    case "forked": {
      // Another device went on from what the host was left with: both histories stay, and the next revision holds what is in either.
      if (outcome.walletId === profile.walletId) return { type: "to-be-merged" };
      const what = outcome.walletId === null ? "credentials" : "another wallet";
      const detail = `its ${what} went on without what this device has seen`;
      return { type: "host-misbehaves", fault: "fork", detail };
    }
    case "not-here": {
      const detail = "this device does not have everything the host lost; another one may";
      return { type: "host-misbehaves", fault: "rollback", detail };
    }
    case "password-needed":
      return { type: "healing-needs", what: "password", wasRefused: false };
    case "old-password-needed":
    case "login-refused": {
      const wasRefused = outcome.type === "login-refused";
      return { type: "healing-needs", what: "old-password", wasRefused };
    }
    case "mfa-required":
    case "mfa-refused": {
      const wasRefused = outcome.type === "mfa-refused";
      return { type: "healing-needs", what: "mfa-code", wasRefused };
    }
    case "refused":
      return { type: "host-refused", status: 422, detail: outcome.detail };
    case "locked":
    case "session-ended":
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return stopOf(outcome);
  }
}
