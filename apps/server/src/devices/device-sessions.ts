/**
 * Sessions of protocol 4: a device's token, which the host keeps as a hash only, and its sliding end (P4-30 …).
 *
 * Invariant: a session that was ended finds nothing any more from the moment the ending was answered; the store decides, and
 * nothing here remembers sessions.
 */
import { encodeBase64url, type RandomBytes } from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import { hashToken } from "../sessions/secret-token.ts";
import type {
  Authorised,
  DeviceSession,
  DeviceSessionStore,
  NewDeviceSession,
} from "./device-session-store.ts";

/** How a device names itself. */
export interface Device {
  readonly deviceId: string;
  readonly name: string;
}

/** A token is written down once, in the answer that carries it. */
interface IssuedSession {
  readonly token: string;
  readonly session: NewDeviceSession;
}

/** How often the end of a session moves at most: each time is a write. */
const TOUCH_INTERVAL_MS = 60 * 60 * 1000;

export interface DeviceSessions {
  /** A new session for a device, not stored yet. */
  issue(device: Device): IssuedSession;
  /** The live session of a token from outside. */
  authenticate(token: string): Promise<DeviceSession | undefined>;
  list(userId: number): Promise<readonly DeviceSession[]>;
  /** Whether there was such a session. */
  end(userId: number, sessionId: string): Promise<boolean>;
  /** Ends a session on behalf of another one of the account. */
  endOther(by: DeviceSession, sessionId: string): ReturnType<DeviceSessionStore["endOther"]>;
  /** A session as a write that has to be its own. */
  authorise(session: DeviceSession): Authorised;
}

/** Builds the session rules over a store. `clock` is in milliseconds since 1970. */
export function createDeviceSessions(dependencies: {
  readonly store: DeviceSessionStore;
  readonly notices: { sessionEnded(userId: number, sessionId: string): void };
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): DeviceSessions {
  const { store, notices, clock, randomBytes } = dependencies;
  const authorise = ({ userId, tokenHash }: DeviceSession): Authorised => ({
    userId,
    tokenHash,
    nowMs: clock(),
  });
  return {
    authorise,

    issue({ deviceId, name }) {
      const token = encodeBase64url(randomBytes(32));
      const nowMs = clock();
      const session: NewDeviceSession = {
        sessionId: encodeBase64url(randomBytes(16)),
        tokenHash: hashToken(token),
        deviceId,
        name,
        createdAtMs: nowMs,
        lastSeenAtMs: nowMs,
        expiresAtMs: nowMs + limits4.sessionMs,
      };
      return { token, session };
    },

    async authenticate(token) {
      if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
      const nowMs = clock();
      const session = await store.find(hashToken(token), nowMs);
      if (session === undefined || nowMs - session.lastSeenAtMs < TOUCH_INTERVAL_MS) return session;
      const expiresAtMs = nowMs + limits4.sessionMs;
      // Reading goes on where writing does not: the next request tries again.
      await store
        .touch({ tokenHash: session.tokenHash, nowMs, expiresAtMs })
        .catch(() => undefined);
      return { ...session, lastSeenAtMs: nowMs, expiresAtMs };
    },

    list: (userId) => store.list(userId, clock()),

    async end(userId, sessionId) {
      const wasThere = await store.end(userId, sessionId);
      notices.sessionEnded(userId, sessionId);
      return wasThere;
    },

    async endOther(by, sessionId) {
      const outcome = await store.endOther(authorise(by), sessionId);
      if (outcome.type === "ended") notices.sessionEnded(by.userId, sessionId);
      return outcome;
    },
  };
}
