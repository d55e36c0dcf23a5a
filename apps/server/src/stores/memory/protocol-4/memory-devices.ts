import type {
  Authorised,
  DeviceSessionStore,
  NewDeviceSession,
} from "../../../devices/device-session-store.ts";
import { isAlive, type Memory, removeWhere } from "../memory.ts";

/** Ends the device's session, and answers its id. */
export function addSession(
  memory: Memory,
  userId: number,
  session: NewDeviceSession,
): string | undefined {
  const replaced = [...memory.deviceSessions.values()].find(
    (one) => one.userId === userId && one.deviceId === session.deviceId,
  );
  if (replaced !== undefined) memory.deviceSessions.delete(replaced.tokenHash);
  memory.deviceSessions.set(session.tokenHash, { ...session, userId });
  return replaced?.sessionId;
}

export function isSessionOf(
  memory: Memory,
  userId: number,
  tokenHash: string,
  nowMs: number,
): boolean {
  const session = memory.deviceSessions.get(tokenHash);
  return session?.userId === userId && isAlive(session, nowMs);
}

export function mayWrite(memory: Memory, { userId, tokenHash, nowMs }: Authorised): boolean {
  return isSessionOf(memory, userId, tokenHash, nowMs);
}

export function createMemoryDevices(memory: Memory): DeviceSessionStore {
  const { deviceSessions } = memory;
  const end = (userId: number, sessionId: string): boolean =>
    removeWhere(
      deviceSessions,
      (session) => session.userId === userId && session.sessionId === sessionId,
    ) > 0;

  return {
    async create({ userId, epoch, session }) {
      if (memory.holders.get(userId)?.holder.epoch !== epoch) {
        return { type: "credentials-changed" };
      }
      return { type: "created", replaced: addSession(memory, userId, session) };
    },
    async find(tokenHash, nowMs) {
      const session = deviceSessions.get(tokenHash);
      return isAlive(session, nowMs) ? session : undefined;
    },
    async list(userId, nowMs) {
      return [...deviceSessions.values()]
        .filter((session) => session.userId === userId && isAlive(session, nowMs))
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs);
    },
    async touch({ tokenHash, nowMs, expiresAtMs }) {
      const session = deviceSessions.get(tokenHash);
      if (session === undefined || !isAlive(session, nowMs)) return;
      deviceSessions.set(tokenHash, { ...session, lastSeenAtMs: nowMs, expiresAtMs });
    },
    async end(userId, sessionId) {
      return end(userId, sessionId);
    },
    async endOther(by, sessionId) {
      if (!mayWrite(memory, by)) return { type: "session-ended" };
      return { type: end(by.userId, sessionId) ? "ended" : "unknown-session" };
    },
    async removeExpired(nowMs) {
      return removeWhere(deviceSessions, (session) => !isAlive(session, nowMs));
    },
  };
}
