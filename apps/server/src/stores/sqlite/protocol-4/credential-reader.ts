import type { DatabaseSync } from "node:sqlite";
import { emailKey } from "../../../accounts/email-key.ts";
import type {
  CredentialStore,
  Holder,
  StoredSlot,
  StoredState,
} from "../../../credentials/credential-store.ts";
import { storageOf } from "../../../revisions/revision-store.ts";
import type { WriteQueue } from "../write-queue.ts";

interface HolderRow extends Omit<Holder, "opaque"> {
  readonly credentialId: string;
  readonly record: string;
}

interface StateRow {
  readonly epoch: number;
  readonly body: string;
  readonly signature: string;
  readonly successor_signature: string | null;
}

export function createCredentialStore(reader: DatabaseSync, writes: WriteQueue): CredentialStore {
  const selectHolder = (where: string) =>
    reader.prepare(`
      SELECT user_id AS userId, email AS id, identity, nonce, epoch, keyring,
        credential_id AS credentialId, record
      FROM holders JOIN accounts USING (user_id) WHERE ${where}`);
  const byUser = selectHolder("user_id = ?");
  const byKey = selectHolder("email_key = ?");
  const byIdentity = selectHolder("identity = ?");
  const byRecovery = selectHolder(
    "user_id = (SELECT user_id FROM slots WHERE kind = 'recovery' AND reference = ?)",
  );
  const selectStates = reader.prepare(`
    SELECT epoch, body, signature, successor_signature FROM states
    WHERE user_id = ? AND epoch > ? ORDER BY epoch`);
  const selectSlots = reader.prepare(`
    SELECT slot_id AS slotId, kind, reference, text FROM slots WHERE user_id = ? ORDER BY rowid`);
  const selectVerified = reader.prepare(
    "SELECT 1 FROM accounts WHERE email_key = ? AND verified = 1",
  );

  return {
    create: (holder) =>
      writes.submit({
        type: "create-holder",
        holder,
        emailKey: emailKey(holder.id),
        bytes: textBytes(holder),
      }),
    async find(userId) {
      return toHolder(byUser.get(userId));
    },
    async findById(id) {
      return toHolder(byKey.get(emailKey(id)));
    },
    async findByIdentity(identity) {
      return toHolder(byIdentity.get(identity));
    },
    async findByRecovery(reference) {
      return toHolder(byRecovery.get(reference));
    },
    async states(userId, afterEpoch) {
      return (selectStates.all(userId, afterEpoch) as unknown as StateRow[]).map(toState);
    },
    async slots(userId) {
      return (selectSlots.all(userId) as unknown as StoredSlot[]).map((row) => ({ ...row }));
    },
    change: (change) =>
      writes.submit({
        type: "change-credentials",
        change,
        bytes: textBytes({ ...change, revisions: [] }) + storageOf(change.revisions),
      }),
    changeId: (by, id) => writes.submit({ type: "change-id", by, id, emailKey: emailKey(id) }),
    async isTaken(id) {
      return selectVerified.get(emailKey(id)) !== undefined;
    },
    remove: (by) => writes.submit({ type: "remove-holder", by }),
    upgrade: (upgrade) =>
      writes.submit({
        type: "upgrade-account",
        upgrade,
        bytes:
          textBytes(upgrade.holder) +
          storageOf(upgrade.revisions === undefined ? [] : [upgrade.revisions]),
      }),
  };
}

function textBytes(value: object): number {
  return JSON.stringify(value).length;
}

function toHolder(row: unknown): Holder | undefined {
  if (row === undefined) return undefined;
  const { credentialId, record, ...holder } = row as HolderRow;
  return { ...holder, opaque: { credentialId, record } };
}

function toState({ epoch, body, signature, successor_signature }: StateRow): StoredState {
  const successor = successor_signature === null ? {} : { successorSignature: successor_signature };
  return { epoch, signed: { body, signature, ...successor } };
}
