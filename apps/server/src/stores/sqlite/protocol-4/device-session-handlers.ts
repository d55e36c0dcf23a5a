import type { DatabaseSync } from "node:sqlite";
import type { AccountWriter } from "./account-writer.ts";
import type { Handlers4 } from "./handlers.ts";

type DeviceSessionCommand =
  | "create-device-session"
  | "touch-device-session"
  | "end-device-session"
  | "end-other-session"
  | "remove-expired-device-sessions";

export function createDeviceSessionHandlers(
  database: DatabaseSync,
  accounts: AccountWriter,
): Pick<Handlers4, DeviceSessionCommand> {
  const touch = database.prepare(`
    UPDATE device_sessions SET last_seen_at_ms = ?1, expires_at_ms = ?2
    WHERE token_hash = ?3 AND expires_at_ms > ?1`);
  const end = database.prepare("DELETE FROM device_sessions WHERE user_id = ? AND session_id = ?");
  const removeExpired = database.prepare("DELETE FROM device_sessions WHERE expires_at_ms <= ?");

  return {
    "create-device-session"({ userId, epoch, session }) {
      if (!accounts.hasEpoch(userId, epoch)) return { type: "credentials-changed" };
      return { type: "created", replaced: accounts.addSession(userId, session) };
    },
    "touch-device-session"({ tokenHash, nowMs, expiresAtMs }) {
      touch.run(nowMs, expiresAtMs, tokenHash);
      return null;
    },
    "end-device-session": ({ userId, sessionId }) => end.run(userId, sessionId).changes !== 0,
    "end-other-session"({ by, sessionId }) {
      if (!accounts.mayWrite(by)) return { type: "session-ended" };
      const { changes } = end.run(by.userId, sessionId);
      return { type: changes === 0 ? "unknown-session" : "ended" };
    },
    "remove-expired-device-sessions": ({ nowMs }) => Number(removeExpired.run(nowMs).changes),
  };
}
