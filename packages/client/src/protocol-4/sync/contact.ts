/**
 * Each contact with a host begins with its states (P4K-20): what follows what is remembered is taken over before a wallet is
 * looked at, and what does not is reported before anything is applied.
 */
import type {
  CredentialsChanged,
  HostFailure4,
  SessionEnded4,
  UnsupportedVersion,
} from "../outcomes.ts";
import { refreshCredentials } from "../account/refresh-credentials.ts";
import { renewSession } from "../account/renew-session.ts";
import type { HeldAccount } from "../record/held-account.ts";

export type ContactOutcome =
  | { readonly type: "in-touch" }
  | CredentialsChanged
  | SessionEnded4
  | UnsupportedVersion
  | HostFailure4;

export async function contactHost(
  account: HeldAccount,
  signal?: AbortSignal,
): Promise<ContactOutcome> {
  return await account.inTurn(async () => await contact(account, signal));
}

async function contact(
  account: HeldAccount,
  signal: AbortSignal | undefined,
): Promise<ContactOutcome> {
  // A record may have come from elsewhere: a copied folder, a memory that was cleared.
  await account.rememberUse();
  const first = await refreshCredentials(account, signal);
  if (first.type !== "session-ended" || !hasRunOut(account)) return touched(first);
  const renewed = await renewSession(account, { signal });
  switch (renewed.type) {
    case "logged-in":
      return { type: "in-touch" };
    case "mfa-required":
    case "mfa-refused":
    case "login-refused":
    case "locked":
      return { type: "session-ended" };
    case "credentials-changed":
    case "unsupported-version":
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return renewed;
  }
}

/** Only a session that grew old is renewed without asking: one that ended early was ended by somebody. */
function hasRunOut({ record, ports }: HeldAccount): boolean {
  return record.session === null || record.session.expiresAt <= ports.clock.nowMs();
}

function touched(outcome: Awaited<ReturnType<typeof refreshCredentials>>): ContactOutcome {
  return outcome.type === "current" || outcome.type === "taken-over"
    ? { type: "in-touch" }
    : outcome;
}
