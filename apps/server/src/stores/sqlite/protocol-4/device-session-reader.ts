import type { DatabaseSync } from "node:sqlite";
import type { DeviceSession, DeviceSessionStore } from "../../../devices/device-session-store.ts";
import type { WriteQueue } from "../write-queue.ts";

const COLUMNS = `user_id AS userId, session_id AS sessionId, token_hash AS tokenHash,
  device_id AS deviceId, name, created_at_ms AS createdAtMs, last_seen_at_ms AS lastSeenAtMs,
  expires_at_ms AS expiresAtMs`;

export function createDeviceSessionStore(
  reader: DatabaseSync,
  writes: WriteQueue,
): DeviceSessionStore {
  const select = reader.prepare(
    `SELECT ${COLUMNS} FROM device_sessions WHERE token_hash = ? AND expires_at_ms > ?`,
  );
  const selectAll = reader.prepare(`
    SELECT ${COLUMNS} FROM device_sessions WHERE user_id = ? AND expires_at_ms > ?
    ORDER BY created_at_ms, rowid`);

  return {
    create: (request) => writes.submit({ type: "create-device-session", ...request }),
    async find(tokenHash, nowMs) {
      const row = select.get(tokenHash, nowMs) as DeviceSession | undefined;
      return row && { ...row };
    },
    async list(userId, nowMs) {
      const rows = selectAll.all(userId, nowMs) as unknown as DeviceSession[];
      return rows.map((row) => ({ ...row }));
    },
    async touch(request) {
      await writes.submit({ type: "touch-device-session", ...request });
    },
    end: (userId, sessionId) => writes.submit({ type: "end-device-session", userId, sessionId }),
    endOther: (by, sessionId) => writes.submit({ type: "end-other-session", by, sessionId }),
    removeExpired: (nowMs) => writes.submit({ type: "remove-expired-device-sessions", nowMs }),
  };
}
