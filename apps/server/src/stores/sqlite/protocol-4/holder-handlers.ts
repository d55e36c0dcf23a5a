/** Writes of accounts and their credentials. Every refusal comes before the first change. */
import type { DatabaseSync } from "node:sqlite";
import type { AccountWriter } from "./account-writer.ts";
import type { Handlers4 } from "./handlers.ts";
import type { RevisionWriter } from "./revision-handlers.ts";

type HolderCommand =
  "create-holder" | "change-credentials" | "change-id" | "remove-holder" | "upgrade-account";

export function createHolderHandlers(
  database: DatabaseSync,
  { accounts, revisions: writer }: { accounts: AccountWriter; revisions: RevisionWriter },
): Pick<Handlers4, HolderCommand> {
  const selectByKey = database.prepare(
    "SELECT user_id, verified FROM accounts WHERE email_key = ?",
  );
  const insertAccount = database.prepare(`
    INSERT INTO accounts (email, email_key, verified, credential_version) VALUES (?, ?, 1, 1)
    RETURNING user_id`);
  const deleteAccount = database.prepare("DELETE FROM accounts WHERE user_id = ?");
  const updateId = database.prepare(
    "UPDATE accounts SET email = ?, email_key = ? WHERE user_id = ?",
  );
  const updateEpoch = database.prepare("UPDATE holders SET epoch = ? WHERE user_id = ?");
  const updateKeyring = database.prepare("UPDATE holders SET keyring = ? WHERE user_id = ?");
  const updateOpaque = database.prepare(
    "UPDATE holders SET credential_id = ?, record = ? WHERE user_id = ?",
  );
  const selectSlots = database.prepare("SELECT slot_id FROM slots WHERE user_id = ?");
  const deleteSlot = database.prepare("DELETE FROM slots WHERE user_id = ? AND slot_id = ?");
  const endSessions = database.prepare("DELETE FROM device_sessions WHERE user_id = ?");

  return {
    "create-holder"({ holder, emailKey }) {
      const { id, ...rest } = holder;
      const held = selectByKey.get(emailKey);
      if (held?.["verified"] === 1) return { type: "id-taken" };
      if (accounts.isIdentityTaken(holder.identity) || accounts.isRecoveryTaken(0, holder.slots)) {
        return { type: "identity-taken" };
      }
      if (held !== undefined) deleteAccount.run(held["user_id"] as number);
      const userId = insertAccount.get(id, emailKey)?.["user_id"] as number;
      accounts.addHolder(userId, rest, false);
      return { type: "created", userId };
    },

    "change-credentials"({ change }) {
      const { userId, tokenHash, nowMs, epoch, heads } = change;
      if (tokenHash !== undefined && !accounts.isAlive(userId, tokenHash, nowMs)) {
        return { type: "session-ended" };
      }
      const isCurrent =
        accounts.hasEpoch(userId, epoch) &&
        heads.every(({ walletId, hash }) => writer.headOf(userId, walletId) === hash) &&
        change.revisions.every(({ walletId, head }) => writer.headOf(userId, walletId) === head);
      if (!isCurrent) return { type: "stale" };
      if (accounts.isRecoveryTaken(userId, change.newSlots)) return { type: "identity-taken" };
      const tooMuch = writer.findTooMuch(userId, change.revisions, change.maxBytes);
      if (tooMuch !== undefined) return tooMuch;

      for (const state of change.states) accounts.addState(userId, state);
      updateEpoch.run(change.states.at(-1)?.epoch ?? epoch, userId);
      const kept = new Set(change.keptSlotIds);
      for (const { slot_id } of selectSlots.all(userId)) {
        if (!kept.has(slot_id as string)) deleteSlot.run(userId, slot_id as string);
      }
      for (const slot of change.newSlots) accounts.addSlot(userId, slot);
      if (change.keyring !== undefined) updateKeyring.run(change.keyring, userId);
      if (change.opaque !== undefined) {
        updateOpaque.run(change.opaque.credentialId, change.opaque.record, userId);
      }
      for (const revisions of change.revisions) writer.append(userId, revisions, nowMs);
      if (change.endsSessions) endSessions.run(userId);
      if (change.session !== undefined) accounts.addSession(userId, change.session);
      return { type: "changed" };
    },

    "change-id"({ by, id, emailKey }) {
      if (!accounts.mayWrite(by)) return { type: "session-ended" };
      const { userId } = by;
      const held = selectByKey.get(emailKey);
      if (held !== undefined && held["user_id"] !== userId) {
        if (held["verified"] === 1) return { type: "id-taken" };
        deleteAccount.run(held["user_id"] as number);
      }
      updateId.run(id, emailKey, userId);
      return { type: "changed" };
    },

    "remove-holder"({ by }) {
      if (!accounts.mayWrite(by)) return { type: "session-ended" };
      overwriting(database, () => deleteAccount.run(by.userId));
      return { type: "removed" };
    },

    "upgrade-account": createUpgrade(database, accounts, writer),
  };
}

function createUpgrade(
  database: DatabaseSync,
  accounts: AccountWriter,
  writer: RevisionWriter,
): Handlers4["upgrade-account"] {
  const hasVersion = database.prepare(`
    SELECT 1 FROM accounts JOIN password_credentials USING (user_id)
    WHERE user_id = ? AND credential_version = ?`);
  const selectWallet = database.prepare("SELECT body FROM wallets WHERE user_id = ?");
  const raiseVersion = database.prepare(
    "UPDATE accounts SET credential_version = credential_version + 1 WHERE user_id = ?",
  );
  /** Everything of protocol 3 that could serve to guess the password. */
  const leftovers = ["password_credentials", "wallets", "sessions", "verification_tokens"].map(
    (table) => database.prepare(`DELETE FROM ${table} WHERE user_id = ?`),
  );

  return ({ upgrade: { userId, credentialVersion, base, nowMs, holder, revisions } }) => {
    if (hasVersion.get(userId, credentialVersion) === undefined) {
      return { type: "credentials-changed" };
    }
    const row = selectWallet.get(userId);
    const stored =
      row === undefined
        ? undefined
        : (JSON.parse(new TextDecoder().decode(row["body"] as Uint8Array)) as {
            readonly sequence: number;
            readonly hmac: string;
          });
    if (stored?.sequence !== base?.sequence || stored?.hmac !== base?.hmac) {
      return { type: "base-conflict" };
    }
    if (
      accounts.isIdentityTaken(holder.identity) ||
      accounts.isRecoveryTaken(userId, holder.slots)
    ) {
      return { type: "identity-taken" };
    }
    overwriting(database, () => {
      for (const leftover of leftovers) leftover.run(userId);
    });
    raiseVersion.run(userId);
    accounts.addHolder(userId, holder, true);
    if (revisions !== undefined) writer.append(userId, revisions, nowMs);
    return { type: "upgraded" };
  };
}

/** What is deleted meanwhile does not linger in the file's free pages. */
function overwriting(database: DatabaseSync, remove: () => void): void {
  database.exec("PRAGMA secure_delete = ON");
  try {
    remove();
  } finally {
    database.exec("PRAGMA secure_delete = OFF");
  }
}
