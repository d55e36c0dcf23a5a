/**
 * Remembers sessions by token, within a number of bytes.
 *
 * Invariant: what is remembered is no older than the last write that was answered. Writes only forget; a look-up is
 * kept only if nothing was forgotten while it ran, because it may have read what was there before.
 */
import { LRUCache } from "lru-cache";
import { onceThere, type Awaitable } from "../../awaitable.ts";
import type { Session, SessionStore } from "../../sessions/session-store.ts";

export interface SessionCache {
  find(store: SessionStore, tokenHash: string, nowMs: number): Awaitable<Session | undefined>;
  forgetDevice(userId: number, deviceId: string): void;
  forgetUser(userId: number): void;
}

/** Roughly what an entry takes besides its device id: token hash, object, index, list links. */
const ENTRY_BYTES = 500;

export function createSessionCache(maxBytes: number): SessionCache {
  const tokensByUser = new Map<number, Set<string>>();
  let timesForgotten = 0;

  const sessions = new LRUCache<string, Session>({
    maxSize: maxBytes,
    sizeCalculation: (session) => ENTRY_BYTES + 2 * session.deviceId.length,
    dispose(session, tokenHash) {
      const tokens = tokensByUser.get(session.userId);
      tokens?.delete(tokenHash);
      if (tokens?.size === 0) tokensByUser.delete(session.userId);
    },
  });

  const keep = (session: Session): void => {
    const { tokenHash, userId } = session;
    sessions.set(tokenHash, session);
    // Larger than the whole cache: not kept.
    if (!sessions.has(tokenHash)) return;
    const tokens = tokensByUser.get(userId) ?? new Set();
    tokensByUser.set(userId, tokens.add(tokenHash));
  };

  const forgetWhere = (userId: number, matches: (session: Session) => boolean): void => {
    timesForgotten += 1;
    for (const tokenHash of tokensByUser.get(userId) ?? []) {
      const session = sessions.peek(tokenHash);
      if (session !== undefined && matches(session)) sessions.delete(tokenHash);
    }
  };

  return {
    find(store, tokenHash, nowMs) {
      const known = sessions.get(tokenHash);
      if (known !== undefined) return known.expiresAtMs > nowMs ? known : undefined;
      const timesForgottenBefore = timesForgotten;
      return onceThere(store.find(tokenHash, nowMs), (found) => {
        if (found !== undefined && timesForgotten === timesForgottenBefore) keep(found);
        return found;
      });
    },
    forgetDevice(userId, deviceId) {
      forgetWhere(userId, (session) => session.deviceId === deviceId);
    },
    forgetUser(userId) {
      forgetWhere(userId, () => true);
    },
  };
}
