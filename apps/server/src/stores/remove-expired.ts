import type { Stores } from "./stores.ts";

/** Removes expired sessions and verification tokens, and answers how many. To be called now and then, every hour say. */
export async function removeExpired(
  stores: Pick<Stores, "sessions" | "verification">,
  nowMs: number,
): Promise<{ readonly sessions: number; readonly verificationTokens: number }> {
  const [sessions, verificationTokens] = await Promise.all([
    stores.sessions.removeExpired(nowMs),
    stores.verification.removeExpired(nowMs),
  ]);
  return { sessions, verificationTokens };
}
