/** Writes of revisions. Every refusal comes before the first change. */
import type { DatabaseSync } from "node:sqlite";
import {
  type AppendedRevisions,
  storageOf,
  type StorageFull,
} from "../../../revisions/revision-store.ts";
import type { AccountWriter } from "./account-writer.ts";
import type { Handlers4 } from "./handlers.ts";

export type RevisionWriter = ReturnType<typeof createRevisionWriter>;

export function createRevisionWriter(database: DatabaseSync) {
  const selectHead = database.prepare(`
    SELECT hash FROM revisions WHERE user_id = ? AND wallet_id = ?
    ORDER BY sequence DESC LIMIT 1`);
  const insertRevision = database.prepare(`
    INSERT INTO revisions (user_id, wallet_id, sequence, hash, header, signature, generation, epoch,
      device_id, stored_at_ms, bytes, keeps_previous)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const insertBody = database.prepare(
    "INSERT INTO revision_bodies (user_id, wallet_id, sequence, body) VALUES (?, ?, ?, ?)",
  );
  const insertKey = database.prepare(`
    INSERT INTO writer_keys (user_id, wallet_id, generation, writer_key) VALUES (?, ?, ?, ?)
    ON CONFLICT DO NOTHING`);

  const selectStored = database.prepare("SELECT stored_bytes FROM holders WHERE user_id = ?");
  const addStored = database.prepare(
    "UPDATE holders SET stored_bytes = stored_bytes + ? WHERE user_id = ?",
  );

  const headOf = (userId: number, walletId: string): string | undefined =>
    selectHead.get(userId, walletId)?.["hash"] as string | undefined;

  return {
    headOf,

    /** Whether revisions are more than the account may have, and what that is. */
    findTooMuch(
      userId: number,
      revisions: readonly AppendedRevisions[],
      maxBytes = Number.POSITIVE_INFINITY,
    ): StorageFull | undefined {
      if (revisions.length === 0) return undefined;
      const stored = (selectStored.get(userId)?.["stored_bytes"] as number | undefined) ?? 0;
      if (stored + storageOf(revisions) <= maxBytes) return undefined;
      return { type: "storage-full", maxBytes };
    },

    append(userId: number, revisions: AppendedRevisions, nowMs: number): void {
      const { walletId, headers, encryptedWallet, writerKeys, keepsPrevious } = revisions;
      const newest = headers.at(-1);
      for (const header of headers) {
        const isNewest = header === newest;
        insertRevision.run(
          userId,
          walletId,
          header.sequence,
          header.hash,
          header.body,
          header.signature,
          header.generation,
          header.epoch,
          header.deviceId,
          nowMs,
          isNewest ? encryptedWallet.byteLength : 0,
          isNewest && keepsPrevious ? 1 : 0,
        );
      }
      if (newest !== undefined) insertBody.run(userId, walletId, newest.sequence, encryptedWallet);
      for (const { generation, key } of writerKeys)
        insertKey.run(userId, walletId, generation, key);
      addStored.run(storageOf([revisions]), userId);
    },
  };
}

type RevisionCommand = "append-revisions" | "drop-bodies";

export function createRevisionHandlers(
  database: DatabaseSync,
  { accounts, revisions: writer }: { accounts: AccountWriter; revisions: RevisionWriter },
): Pick<Handlers4, RevisionCommand> {
  const deleteBody = database.prepare(
    "DELETE FROM revision_bodies WHERE user_id = ? AND wallet_id = ? AND sequence = ?",
  );
  const takeStored = database.prepare(`
    UPDATE holders SET stored_bytes = stored_bytes - (SELECT bytes FROM revisions
      WHERE user_id = ?1 AND wallet_id = ?2 AND sequence = ?3) WHERE user_id = ?1`);
  return {
    "append-revisions"({ userId, tokenHash, nowMs, epoch, revisions, maxBytes }) {
      if (!accounts.isAlive(userId, tokenHash, nowMs)) return { type: "session-ended" };
      const isCurrent =
        accounts.hasEpoch(userId, epoch) &&
        writer.headOf(userId, revisions.walletId) === revisions.head;
      if (!isCurrent) return { type: "stale" };
      const tooMuch = writer.findTooMuch(userId, [revisions], maxBytes);
      if (tooMuch !== undefined) return tooMuch;
      writer.append(userId, revisions, nowMs);
      return { type: "stored" };
    },

    "drop-bodies"({ places }) {
      for (const { userId, walletId, sequence } of places) {
        const { changes } = deleteBody.run(userId, walletId, sequence);
        if (changes !== 0) takeStored.run(userId, walletId, sequence);
      }
      return null;
    },
  };
}
