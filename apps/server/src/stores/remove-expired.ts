import type { Stores } from "./stores.ts";

/** Removes expired sessions and verification tokens, and answers how many. To be called now and then, every hour say. */
export async function removeExpired(
  stores: Pick<Stores, "sessions" | "verification" | "devices">,
  nowMs: number,
): Promise<{
  readonly sessions: number;
  readonly verificationTokens: number;
  readonly deviceSessions: number;
}> {
  const [sessions, verificationTokens, deviceSessions] = await Promise.all([
    stores.sessions.removeExpired(nowMs),
    stores.verification.removeExpired(nowMs),
    stores.devices.removeExpired(nowMs),
  ]);
  return { sessions, verificationTokens, deviceSessions };
}
