import type { DatabaseSync } from "node:sqlite";
import {
  type BodyPlace,
  type KeptBody,
  type RevisionStore,
  storageOf,
  type StoredHead,
  type StoredHeader,
} from "../../../revisions/revision-store.ts";
import type { WriteQueue } from "../write-queue.ts";

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
  const selectStored = reader.prepare("SELECT stored_bytes FROM holders WHERE user_id = ?");
  // One step along the primary key after the other, and no ciphertext is read.
  const selectBodies = reader.prepare(`
    SELECT b.user_id AS userId, b.wallet_id AS walletId, b.sequence,
      r.stored_at_ms AS storedAtMs, r.generation, r.bytes,
      n.generation AS nextGeneration, n.bytes AS nextBytes, n.keeps_previous AS keepsPrevious
    FROM revision_bodies AS b
    JOIN revisions AS r USING (user_id, wallet_id, sequence)
    LEFT JOIN revisions AS n
      ON n.user_id = b.user_id AND n.wallet_id = b.wallet_id AND n.sequence = b.sequence + 1
    WHERE (b.user_id, b.wallet_id, b.sequence) < (?, ?, ?)
    ORDER BY b.user_id DESC, b.wallet_id DESC, b.sequence DESC LIMIT ?`);

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
      writes.submit({
        type: "append-revisions",
        ...request,
        bytes: storageOf([request.revisions]),
      }),
    async storedBytes(userId) {
      return (selectStored.get(userId)?.["stored_bytes"] as number | undefined) ?? 0;
    },
    async bodiesAfter(after, limit) {
      const { userId = Number.MAX_SAFE_INTEGER, walletId = "", sequence = 0 } = after ?? {};
      const rows = selectBodies.all(userId, walletId, sequence, limit);
      return (rows as unknown as BodyRow[]).map(toKeptBody);
    },
    async dropBodies(places) {
      await writes.submit({
        type: "drop-bodies",
        places: places.map(({ userId, walletId, sequence }) => ({ userId, walletId, sequence })),
      });
    },
  };
}

interface BodyRow extends BodyPlace, Pick<KeptBody, "storedAtMs" | "generation" | "bytes"> {
  /** Null where there is no next revision. */
  readonly nextGeneration: number | null;
  readonly nextBytes: number;
  readonly keepsPrevious: number;
}

function toKeptBody({ nextGeneration, nextBytes, keepsPrevious, ...body }: BodyRow): KeptBody {
  if (nextGeneration === null) return { ...body, next: undefined };
  const next = {
    generation: nextGeneration,
    bytes: nextBytes,
    keepsPrevious: keepsPrevious === 1,
  };
  return { ...body, next };
}
