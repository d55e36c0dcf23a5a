/** The pieces of several commands: an account's rows, its states and slots, its sessions. */
import type { DatabaseSync } from "node:sqlite";
import type { NewHolder, StoredSlot, StoredState } from "../../../credentials/credential-store.ts";
import type { Authorised, NewDeviceSession } from "../../../devices/device-session-store.ts";

export type AccountWriter = ReturnType<typeof createAccountWriter>;

export function createAccountWriter(database: DatabaseSync) {
  const insertHolder = database.prepare(`
    INSERT INTO holders (user_id, identity, nonce, epoch, credential_id, record, keyring, upgraded)
    VALUES (?, ?, ?, 1, ?, ?, ?, ?)`);
  const insertState = database.prepare(`
    INSERT INTO states (user_id, epoch, body, signature, successor_signature)
    VALUES (?, ?, ?, ?, ?)`);
  const insertSlot = database.prepare(
    "INSERT INTO slots (user_id, slot_id, kind, reference, text) VALUES (?, ?, ?, ?, ?)",
  );
  const insertSession = database.prepare(`
    INSERT INTO device_sessions
      (session_id, token_hash, user_id, device_id, name, created_at_ms, last_seen_at_ms, expires_at_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const endDevice = database.prepare(
    "DELETE FROM device_sessions WHERE user_id = ? AND device_id = ? RETURNING session_id",
  );
  const findSession = database.prepare(
    "SELECT 1 FROM device_sessions WHERE token_hash = ? AND user_id = ? AND expires_at_ms > ?",
  );
  const hasEpoch = database.prepare("SELECT 1 FROM holders WHERE user_id = ? AND epoch = ?");
  const findIdentity = database.prepare("SELECT 1 FROM holders WHERE identity = ?");
  const findRecovery = database.prepare(
    "SELECT 1 FROM slots WHERE kind = 'recovery' AND reference = ? AND user_id <> ?",
  );

  function addState(userId: number, { epoch, signed }: StoredState): void {
    const { body, signature, successorSignature } = signed;
    insertState.run(userId, epoch, body, signature, successorSignature ?? null);
  }

  function addSlot(userId: number, { slotId, kind, reference, text }: StoredSlot): void {
    insertSlot.run(userId, slotId, kind, reference, text);
  }

  /** Ends the device's session, and answers its id. */
  function addSession(userId: number, session: NewDeviceSession): string | undefined {
    const replaced = endDevice.get(userId, session.deviceId)?.["session_id"] as string | undefined;
    insertSession.run(
      session.sessionId,
      session.tokenHash,
      userId,
      session.deviceId,
      session.name,
      session.createdAtMs,
      session.lastSeenAtMs,
      session.expiresAtMs,
    );
    return replaced;
  }

  return {
    addState,
    addSlot,
    addSession,

    mayWrite: ({ userId, tokenHash, nowMs }: Authorised): boolean =>
      findSession.get(tokenHash, userId, nowMs) !== undefined,

    isAlive: (userId: number, tokenHash: string, nowMs: number): boolean =>
      findSession.get(tokenHash, userId, nowMs) !== undefined,

    hasEpoch: (userId: number, epoch: number): boolean => hasEpoch.get(userId, epoch) !== undefined,

    /** Whether one of these slots is another account's recovery slot. */
    isRecoveryTaken: (userId: number, slots: readonly StoredSlot[]): boolean =>
      slots.some(
        ({ kind, reference }) =>
          kind === "recovery" && findRecovery.get(reference, userId) !== undefined,
      ),

    isIdentityTaken: (identity: string): boolean => findIdentity.get(identity) !== undefined,

    addHolder(userId: number, holder: Omit<NewHolder, "id">, isUpgraded: boolean): void {
      const { identity, nonce, opaque, state, slots, keyring, session } = holder;
      const { credentialId, record } = opaque;
      insertHolder.run(userId, identity, nonce, credentialId, record, keyring, isUpgraded ? 1 : 0);
      addState(userId, { epoch: 1, signed: state });
      for (const slot of slots) addSlot(userId, slot);
      addSession(userId, session);
    },
  };
}
