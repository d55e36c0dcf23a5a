/** One device's right to act for an account of protocol 4. The token itself is known to the device alone. */
export interface DeviceSession {
  readonly userId: number;
  /** 16 random bytes as base64url; names the session in lists, opens nothing. */
  readonly sessionId: string;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly deviceId: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastSeenAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Who asked for a write. The session has to be alive in the very transaction that writes: whatever replaces the authority
 * key, and whoever ends a session, ends it, so a signature that was good before is good then.
 */
export interface Authorised {
  readonly userId: number;
  readonly tokenHash: string;
  readonly nowMs: number;
}

/** The session ended meanwhile; nothing was written. */
export interface SessionEnded {
  readonly type: "session-ended";
}

/** A session before its account is known, or stored together with it. */
export type NewDeviceSession = Omit<DeviceSession, "userId">;

export interface DeviceSessionStore {
  /**
   * Replaces the session of the same account and device, if there is one, and answers its id. Refused when the account's
   * credentials are no longer those of `epoch`, under which they were checked, or its password is another one.
   */
  create(request: {
    readonly userId: number;
    readonly epoch: number;
    readonly session: NewDeviceSession;
  }): Promise<
    | { readonly type: "created"; readonly replaced: string | undefined }
    | { readonly type: "credentials-changed" }
  >;
  /** The live session of a token. */
  find(tokenHash: string, nowMs: number): Promise<DeviceSession | undefined>;
  /** The live sessions of an account, oldest first. */
  list(userId: number, nowMs: number): Promise<readonly DeviceSession[]>;
  /** Moves the end of a session that is in use; nothing happens when it is over. */
  touch(request: {
    readonly tokenHash: string;
    readonly nowMs: number;
    readonly expiresAtMs: number;
  }): Promise<void>;
  /** Whether there was such a live session of this account. */
  end(userId: number, sessionId: string): Promise<boolean>;
  /** The same on behalf of another session of the account. */
  endOther(
    by: Authorised,
    sessionId: string,
  ): Promise<{ readonly type: "ended" } | { readonly type: "unknown-session" } | SessionEnded>;
  removeExpired(nowMs: number): Promise<number>;
}
