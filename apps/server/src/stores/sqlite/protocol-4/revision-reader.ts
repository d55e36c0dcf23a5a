import type { DatabaseSync } from "node:sqlite";
import type {
  RevisionAge,
  RevisionStore,
  StoredHead,
  StoredHeader,
} from "../../../revisions/revision-store.ts";
import type { WriteQueue } from "../write-queue.ts";
import { bytesOf } from "./credential-reader.ts";

const HEADER = `sequence, hash, header AS body, signature, generation, epoch,
  device_id AS deviceId`;
const HEAD = `wallet_id AS walletId, sequence, hash, generation, epoch,
  stored_at_ms AS storedAtMs`;
const OF_WALLET = "user_id = ? AND wallet_id = ?";
const HAS_BODY = `EXISTS (SELECT 1 FROM revision_bodies AS b WHERE b.user_id = r.user_id
  AND b.wallet_id = r.wallet_id AND b.sequence = r.sequence) AS hasBody`;

export function createRevisionStore(reader: DatabaseSync, writes: WriteQueue): RevisionStore {
  const selectHead = reader.prepare(
    `SELECT ${HEAD} FROM revisions WHERE ${OF_WALLET} ORDER BY sequence DESC LIMIT 1`,
  );
  // From one wallet to the next by the primary key, so that a long history costs no more than a short one.
  const selectHeads = reader.prepare(`
    WITH RECURSIVE held (wallet_id) AS (
      SELECT min(wallet_id) FROM revisions WHERE user_id = ?1
      UNION ALL
      SELECT (SELECT min(wallet_id) FROM revisions WHERE user_id = ?1 AND wallet_id > held.wallet_id)
      FROM held WHERE held.wallet_id IS NOT NULL)
    SELECT ${HEAD} FROM held CROSS JOIN revisions AS r USING (wallet_id)
    WHERE r.user_id = ?1 AND r.sequence =
      (SELECT max(sequence) FROM revisions WHERE user_id = ?1 AND wallet_id = held.wallet_id)`);
  const selectNewest = reader.prepare(
    `SELECT ${HEADER} FROM revisions WHERE ${OF_WALLET} ORDER BY sequence DESC LIMIT 1`,
  );
  const selectOne = reader.prepare(
    `SELECT ${HEADER} FROM revisions WHERE ${OF_WALLET} AND sequence = ?`,
  );
  const selectBody = reader.prepare(
    `SELECT body FROM revision_bodies WHERE ${OF_WALLET} AND sequence = ?`,
  );
  const selectHeaders = reader.prepare(`
    SELECT ${HEADER}, stored_at_ms AS storedAtMs, ${HAS_BODY} FROM revisions AS r
    WHERE ${OF_WALLET} AND sequence > ? ORDER BY sequence LIMIT ?`);
  const selectKeys = reader.prepare(
    `SELECT generation, writer_key AS key FROM writer_keys WHERE ${OF_WALLET}`,
  );
  const selectOld = reader.prepare(`
    SELECT DISTINCT b.user_id AS userId, b.wallet_id AS walletId
    FROM revision_bodies AS b JOIN revisions AS r USING (user_id, wallet_id, sequence)
    WHERE (b.user_id, b.wallet_id) > (?, ?) AND r.stored_at_ms < ?
      AND EXISTS (SELECT 1 FROM revisions AS later WHERE later.user_id = b.user_id
        AND later.wallet_id = b.wallet_id AND later.sequence = b.sequence + 1)
    ORDER BY b.user_id, b.wallet_id LIMIT ?`);
  const selectAges = reader.prepare(`
    SELECT sequence, stored_at_ms AS storedAtMs, generation, bytes,
      keeps_previous AS keepsPrevious, ${HAS_BODY}
    FROM revisions AS r WHERE ${OF_WALLET} ORDER BY sequence`);

  const bodyOf = (userId: number, walletId: string, sequence: number): Uint8Array | undefined =>
    selectBody.get(userId, walletId, sequence)?.["body"] as Uint8Array | undefined;

  return {
    async head(userId, walletId) {
      const row = selectHead.get(userId, walletId) as StoredHead | undefined;
      return row && { ...row };
    },
    async heads(userId) {
      return (selectHeads.all(userId) as unknown as StoredHead[]).map((row) => ({ ...row }));
    },
    async newest(userId, walletId) {
      const row = selectNewest.get(userId, walletId) as StoredHeader | undefined;
      if (row === undefined) return undefined;
      const encryptedWallet = bodyOf(userId, walletId, row.sequence);
      return encryptedWallet && { header: { ...row }, encryptedWallet };
    },
    async find(userId, walletId, sequence) {
      const row = selectOne.get(userId, walletId, sequence) as StoredHeader | undefined;
      return row && { header: { ...row }, encryptedWallet: bodyOf(userId, walletId, row.sequence) };
    },
    async headers(userId, walletId, afterSequence, limit) {
      const rows = selectHeaders.all(userId, walletId, afterSequence, limit);
      return (rows as unknown as (StoredHeader & { storedAtMs: number; hasBody: number })[]).map(
        ({ storedAtMs, hasBody, ...header }) => ({ header, storedAtMs, hasBody: hasBody === 1 }),
      );
    },
    async writerKeys(userId, walletId) {
      const rows = selectKeys.all(userId, walletId) as unknown as {
        readonly generation: number;
        readonly key: string;
      }[];
      return new Map(rows.map(({ generation, key }) => [generation, key]));
    },
    append: (request) =>
      writes.submit({ type: "append-revisions", ...request, bytes: bytesOf([request.revisions]) }),
    async walletsWithOldBodies(storedBeforeMs, limit, after) {
      const { userId = 0, walletId = "" } = after ?? {};
      const rows = selectOld.all(userId, walletId, storedBeforeMs, limit);
      return (rows as unknown as { userId: number; walletId: string }[]).map((row) => ({ ...row }));
    },
    async ages(userId, walletId) {
      const rows = selectAges.all(userId, walletId) as unknown as (Omit<
        RevisionAge,
        "keepsPrevious" | "hasBody"
      > & { keepsPrevious: number; hasBody: number })[];
      return rows.map(({ keepsPrevious, hasBody, ...row }) => ({
        ...row,
        keepsPrevious: keepsPrevious === 1,
        hasBody: hasBody === 1,
      }));
    },
    async dropBodies(userId, walletId, sequences) {
      await writes.submit({ type: "drop-bodies", userId, walletId, sequences });
    },
  };
}
