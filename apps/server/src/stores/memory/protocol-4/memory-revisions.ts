import {
  type AppendedRevisions,
  type BodyPlace,
  type KeptBody,
  REVISION_BYTES,
  type RevisionStore,
  storageOf,
  type StorageFull,
} from "../../../revisions/revision-store.ts";
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

function storedBytes(memory: Memory, userId: number): number {
  const wallets = [...(memory.holders.get(userId)?.wallets.values() ?? [])];
  return wallets
    .flatMap(({ revisions }) => revisions)
    .reduce((sum, { body }) => sum + REVISION_BYTES + (body?.byteLength ?? 0), 0);
}

/** Whether revisions are more than the account may have, and what that is. */
export function findTooMuch(
  memory: Memory,
  userId: number,
  revisions: readonly AppendedRevisions[],
  maxBytes = Number.POSITIVE_INFINITY,
): StorageFull | undefined {
  if (revisions.length === 0) return undefined;
  const isTooMuch = storedBytes(memory, userId) + storageOf(revisions) > maxBytes;
  return isTooMuch ? { type: "storage-full", maxBytes } : undefined;
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
    async append({ userId, tokenHash, nowMs, epoch, revisions, maxBytes }) {
      if (!isSessionOf(memory, userId, tokenHash, nowMs)) return { type: "session-ended" };
      const isCurrent =
        memory.holders.get(userId)?.holder.epoch === epoch &&
        headHash(memory, userId, revisions.walletId) === revisions.head;
      if (!isCurrent) return { type: "stale" };
      const tooMuch = findTooMuch(memory, userId, [revisions], maxBytes);
      if (tooMuch !== undefined) return tooMuch;
      appendRevisions(memory, userId, revisions, nowMs);
      return { type: "stored" };
    },
    async storedBytes(userId) {
      return storedBytes(memory, userId);
    },
    async bodiesAfter(after, limit) {
      const bodies = [...memory.holders.entries()].flatMap(([userId, { wallets }]) =>
        [...wallets.entries()].flatMap(([walletId, { revisions }]) =>
          bodiesOf(userId, walletId, revisions),
        ),
      );
      return bodies
        .toSorted((a, b) => -comparePlaces(a, b))
        .filter((body) => after === undefined || comparePlaces(body, after) < 0)
        .slice(0, limit);
    },
    async dropBodies(places) {
      for (const { userId, walletId, sequence } of places) {
        const revision = revisionsOf(userId, walletId)[sequence - 1];
        if (revision !== undefined) revision.body = undefined;
      }
    },
  };
}

function bodiesOf(
  userId: number,
  walletId: string,
  revisions: readonly MemoryRevision[],
): readonly KeptBody[] {
  return revisions.flatMap(({ header, storedAtMs, bytes, body }, at) => {
    const { sequence, generation } = header;
    const next = revisions[at + 1];
    if (body === undefined) return [];
    const following = next && {
      generation: next.header.generation,
      bytes: next.bytes,
      keepsPrevious: next.keepsPrevious,
    };
    return [{ userId, walletId, sequence, storedAtMs, generation, bytes, next: following }];
  });
}

function comparePlaces(a: BodyPlace, b: BodyPlace): number {
  if (a.userId !== b.userId) return a.userId - b.userId;
  if (a.walletId !== b.walletId) return a.walletId < b.walletId ? -1 : 1;
  return a.sequence - b.sequence;
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
