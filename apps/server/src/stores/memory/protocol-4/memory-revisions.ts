import type { AppendedRevisions, RevisionStore } from "../../../revisions/revision-store.ts";
import type { Memory, MemoryRevision, MemoryWallet } from "../memory.ts";
import { isSessionOf } from "./memory-devices.ts";

export function headHash(memory: Memory, userId: number, walletId: string): string | undefined {
  return walletOf(memory, userId, walletId)?.revisions.at(-1)?.header.hash;
}

export function appendRevisions(
  memory: Memory,
  userId: number,
  { walletId, headers, encryptedWallet, writerKeys, keepsPrevious }: AppendedRevisions,
  storedAtMs: number,
): void {
  const wallets = memory.holders.get(userId)?.wallets;
  const wallet: MemoryWallet = wallets?.get(walletId) ?? { revisions: [], writerKeys: new Map() };
  wallets?.set(walletId, wallet);
  const newest = headers.at(-1);
  for (const header of headers) {
    const isNewest = header === newest;
    wallet.revisions.push({
      header,
      storedAtMs,
      bytes: isNewest ? encryptedWallet.byteLength : 0,
      keepsPrevious: isNewest && keepsPrevious,
      body: isNewest ? encryptedWallet : undefined,
    });
  }
  for (const { generation, key } of writerKeys) {
    if (!wallet.writerKeys.has(generation)) wallet.writerKeys.set(generation, key);
  }
}

export function createMemoryRevisions(memory: Memory): RevisionStore {
  const revisionsOf = (userId: number, walletId: string): readonly MemoryRevision[] =>
    walletOf(memory, userId, walletId)?.revisions ?? [];

  return {
    async head(userId, walletId) {
      return headOf(walletId, revisionsOf(userId, walletId));
    },
    async heads(userId) {
      const wallets = [...(memory.holders.get(userId)?.wallets.entries() ?? [])];
      return wallets
        .map(([walletId, { revisions }]) => headOf(walletId, revisions))
        .filter((head) => head !== undefined);
    },
    async newest(userId, walletId) {
      const newest = revisionsOf(userId, walletId).at(-1);
      if (newest?.body === undefined) return undefined;
      return { header: newest.header, encryptedWallet: newest.body };
    },
    async find(userId, walletId, sequence) {
      const found = revisionsOf(userId, walletId)[sequence - 1];
      return found && { header: found.header, encryptedWallet: found.body };
    },
    async headers(userId, walletId, afterSequence, limit) {
      return revisionsOf(userId, walletId)
        .slice(afterSequence, afterSequence + limit)
        .map(({ header, storedAtMs, body }) => ({
          header,
          storedAtMs,
          hasBody: body !== undefined,
        }));
    },
    async writerKeys(userId, walletId) {
      return new Map(walletOf(memory, userId, walletId)?.writerKeys);
    },
    async append({ userId, tokenHash, nowMs, epoch, revisions }) {
      if (!isSessionOf(memory, userId, tokenHash, nowMs)) return { type: "session-ended" };
      const isCurrent =
        memory.holders.get(userId)?.holder.epoch === epoch &&
        headHash(memory, userId, revisions.walletId) === revisions.head;
      if (!isCurrent) return { type: "stale" };
      appendRevisions(memory, userId, revisions, nowMs);
      return { type: "stored" };
    },
    async walletsWithOldBodies(storedBeforeMs, limit, after) {
      const wallets = [...memory.holders.entries()]
        .flatMap(([userId, { wallets }]) => [...wallets.keys()].map((id) => [userId, id] as const))
        .toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
      return wallets
        .filter(
          ([userId, walletId]) =>
            after === undefined ||
            userId > after.userId ||
            (userId === after.userId && walletId > after.walletId),
        )
        .filter(([userId, walletId]) =>
          revisionsOf(userId, walletId)
            .slice(0, -1)
            .some(({ body, storedAtMs }) => body !== undefined && storedAtMs < storedBeforeMs),
        )
        .slice(0, limit)
        .map(([userId, walletId]) => ({ userId, walletId }));
    },
    async ages(userId, walletId) {
      return revisionsOf(userId, walletId).map((revision) => ({
        sequence: revision.header.sequence,
        generation: revision.header.generation,
        storedAtMs: revision.storedAtMs,
        bytes: revision.bytes,
        keepsPrevious: revision.keepsPrevious,
        hasBody: revision.body !== undefined,
      }));
    },
    async dropBodies(userId, walletId, sequences) {
      for (const sequence of sequences) {
        const revision = revisionsOf(userId, walletId)[sequence - 1];
        if (revision !== undefined) revision.body = undefined;
      }
    },
  };
}

function headOf(walletId: string, revisions: readonly MemoryRevision[]) {
  const newest = revisions.at(-1);
  if (newest === undefined) return undefined;
  const { sequence, hash, generation, epoch } = newest.header;
  return { walletId, sequence, hash, generation, epoch, storedAtMs: newest.storedAtMs };
}

function walletOf(memory: Memory, userId: number, walletId: string): MemoryWallet | undefined {
  return memory.holders.get(userId)?.wallets.get(walletId);
}
