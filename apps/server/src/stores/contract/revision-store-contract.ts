import { describe, expect, test } from "vitest";
import type { AppendedRevisions, BodyPlace } from "../../revisions/revision-store.ts";
import { NOW_MS } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";
import { addHolder, newChange, newHeader, newRevisions } from "./protocol-4-fixtures.ts";

export function describeRevisionStore(open: OpenForTest): void {
  /** An account and what appends to its wallet. */
  async function openWithAccount() {
    const stores = await open();
    const ann = await addHolder(stores, "ann");
    const { userId, tokenHash } = ann;
    const append = (revisions = newRevisions("ann", 0), nowMs = NOW_MS, epoch = 1) =>
      stores.revisions.append({ userId, tokenHash, nowMs, epoch, revisions });
    return { stores, ann, userId, revisions: stores.revisions, append };
  }

  describe("revisions", () => {
    test("[STORE-50] revisions are kept in order, the newest with its exact bytes", async () => {
      const { revisions, userId, append } = await openWithAccount();
      expect(await revisions.head(userId, "default")).toBeUndefined();
      expect(await revisions.newest(userId, "default")).toBeUndefined();
      for (const sequence of [1, 2, 3]) {
        expect(await append(newRevisions("ann", sequence - 1))).toEqual({ type: "stored" });
        const header = newHeader("ann", sequence);
        const { hash, generation, epoch } = header;
        expect(await revisions.head(userId, "default")).toEqual({
          walletId: "default",
          sequence,
          hash,
          generation,
          epoch,
          storedAtMs: NOW_MS,
        });
        const newest = await revisions.newest(userId, "default");
        expect(newest?.header).toEqual(header);
        expect([...(newest?.encryptedWallet ?? [])]).toEqual([1, 2, 3, sequence]);
      }
      const listed = await revisions.headers(userId, "default", 1, 1);
      const hasBody = true;
      expect(listed).toEqual([{ header: newHeader("ann", 2), storedAtMs: NOW_MS, hasBody }]);
      const second = await revisions.find(userId, "default", 2);
      expect(second?.header).toEqual(newHeader("ann", 2));
      expect(await revisions.find(userId, "default", 4)).toBeUndefined();
      expect(await revisions.writerKeys(userId, "default")).toEqual(new Map([[1, "writer 1"]]));
    });

    test("[STORE-51] what was checked against another head or state is refused and not stored", async () => {
      const { stores, ann, revisions, userId, append } = await openWithAccount();
      await append();
      expect(await append(newRevisions("ann", 0))).toEqual({ type: "stale" });
      expect(await append(newRevisions("ann", 2))).toEqual({ type: "stale" });
      expect(await append(newRevisions("ann", 1), NOW_MS, 2)).toEqual({ type: "stale" });
      await stores.credentials.change(newChange(ann, 1));
      expect(await append(newRevisions("ann", 1), NOW_MS, 1)).toEqual({ type: "stale" });
      expect(await append(newRevisions("ann", 1), NOW_MS, 2)).toEqual({ type: "stored" });
      expect((await revisions.head(userId, "default"))?.sequence).toBe(2);
    });

    test("[STORE-51] of 50 writers on one head exactly one wins", async () => {
      const { revisions, userId, append } = await openWithAccount();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          append(newRevisions("ann", 0, { encryptedWallet: Uint8Array.of(index) })),
        ),
      );
      expect(outcomes.filter(({ type }) => type === "stored")).toHaveLength(1);
      expect(await revisions.headers(userId, "default", 0, 10)).toHaveLength(1);
    });

    test("[STORE-52] a session that is over stores nothing", async () => {
      const { stores, userId, append } = await openWithAccount();
      const ended = { type: "session-ended" };
      expect(await append(newRevisions("ann", 0), NOW_MS + 1000)).toEqual(ended);
      await stores.devices.end(userId, "session ann");
      expect(await append()).toEqual(ended);
      expect(await stores.revisions.heads(userId)).toEqual([]);
    });

    test("[STORE-53] wallets and accounts are apart", async () => {
      const { stores, revisions, userId, append } = await openWithAccount();
      const bob = await addHolder(stores, "bob");
      await append();
      await append(newRevisions("ann", 0, { walletId: "savings" }));
      await append(newRevisions("ann", 1, { walletId: "savings" }));
      await append(newRevisions("ann", 0, { walletId: "Archive" }));
      const heads = await revisions.heads(userId);
      expect(new Map(heads.map(({ walletId, sequence }) => [walletId, sequence]))).toEqual(
        new Map([
          ["default", 1],
          ["savings", 2],
          ["Archive", 1],
        ]),
      );
      expect(await revisions.heads(bob.userId)).toEqual([]);
      const { userId: bobs, tokenHash } = bob;
      const ofBob = { userId: bobs, tokenHash, nowMs: NOW_MS, epoch: 1 };
      await revisions.append({ ...ofBob, revisions: newRevisions("bob", 0) });
      expect(await revisions.heads(bobs)).toMatchObject([{ hash: "hash 1 of bob" }]);
      expect(await revisions.heads(userId)).toHaveLength(3);
    });

    test("[STORE-54] healing appends several headers with the newest's body", async () => {
      const { revisions, userId, append } = await openWithAccount();
      await append();
      const headers = [2, 3, 4].map((sequence) => newHeader("ann", sequence));
      const keys = [{ generation: 2, key: "writer 2" }];
      const healing = newRevisions("ann", 1, { headers, writerKeys: keys });
      expect(await append(healing)).toEqual({ type: "stored" });
      const listed = await revisions.headers(userId, "default", 0, 10);
      expect(listed.map(({ hasBody }) => hasBody)).toEqual([true, false, false, true]);
      const third = await revisions.find(userId, "default", 3);
      expect(third).toEqual({ header: newHeader("ann", 3), encryptedWallet: undefined });
      expect((await revisions.writerKeys(userId, "default")).size).toBe(2);
      const bodies = await revisions.bodiesAfter(undefined, 10);
      const next = { generation: 1, bytes: 0, keepsPrevious: false };
      expect(bodies.map((body) => [body.sequence, body.bytes, body.next])).toEqual([
        [4, 4, undefined],
        [1, 4, next],
      ]);
    });

    test("[STORE-55] bodies can be dropped; headers stay", async () => {
      const { revisions, userId, append } = await openWithAccount();
      const old = NOW_MS - 10_000;
      for (const head of [0, 1, 2]) {
        await append(newRevisions("ann", head, { keepsPrevious: head === 1 }), old + head);
      }
      await append(newRevisions("ann", 0, { walletId: "alone" }), old);
      const places = async (after?: BodyPlace, limit = 10) =>
        (await revisions.bodiesAfter(after, limit)).map(
          ({ walletId, sequence }) => `${walletId} ${sequence}`,
        );
      expect(await places()).toEqual(["default 3", "default 2", "default 1", "alone 1"]);
      expect(await places(undefined, 1)).toEqual(["default 3"]);
      expect(await places({ userId, walletId: "default", sequence: 2 }, 2)).toEqual([
        "default 1",
        "alone 1",
      ]);
      expect(await revisions.bodiesAfter({ userId, walletId: "default", sequence: 2 }, 1)).toEqual([
        {
          userId,
          walletId: "default",
          sequence: 1,
          storedAtMs: old,
          generation: 1,
          bytes: 4,
          next: { generation: 1, bytes: 4, keepsPrevious: true },
        },
      ]);
      const dropped = [1, 2].map((sequence) => ({ userId, walletId: "default", sequence }));
      await revisions.dropBodies(dropped);
      expect(await places()).toEqual(["default 3", "alone 1"]);
      expect(await revisions.headers(userId, "default", 0, 10)).toHaveLength(3);
      expect((await revisions.find(userId, "default", 1))?.encryptedWallet).toBeUndefined();
    });

    test("[STORE-56] an account's storage is its ciphertexts and a kilobyte for each revision", async () => {
      const { stores, ann, revisions, userId, append } = await openWithAccount();
      const stored = () => revisions.storedBytes(userId);
      expect(await stored()).toBe(0);
      await append();
      await append(newRevisions("ann", 1));
      expect(await stored()).toBe(2 * (1024 + 4));
      const headers = [1, 2].map((sequence) => newHeader("ann", sequence));
      const revised = newRevisions("ann", 0, { walletId: "savings", headers });
      await stores.credentials.change(newChange(ann, 1, { revisions: [revised] }));
      expect(await stored()).toBe(4 * 1024 + 3 * 4);
      const place = { userId, walletId: "default", sequence: 1 };
      await revisions.dropBodies([place]);
      await revisions.dropBodies([place, { ...place, sequence: 9 }]);
      expect(await stored()).toBe(4 * 1024 + 2 * 4);
      expect(await revisions.storedBytes((await addHolder(stores, "bob")).userId)).toBe(0);
    });

    test("[STORE-57] what would be more than the account may have is refused and not stored", async () => {
      const { stores, ann, revisions, userId } = await openWithAccount();
      const { tokenHash } = ann;
      const request = { userId, tokenHash, nowMs: NOW_MS, epoch: 1 };
      const full = { type: "storage-full", maxBytes: 2056 };
      const append = async (head: number, maxBytes: number) =>
        await revisions.append({ ...request, revisions: newRevisions("ann", head), maxBytes });
      expect(await append(0, 1027)).toEqual({ ...full, maxBytes: 1027 });
      expect(await append(0, 2056)).toEqual({ type: "stored" });
      expect(await append(1, 2056)).toEqual({ type: "stored" });
      expect(await append(2, 2056)).toEqual(full);
      const change = (appended: AppendedRevisions[]) =>
        newChange(ann, 1, { revisions: appended, maxBytes: 2056 });
      expect(await stores.credentials.change(change([newRevisions("ann", 2)]))).toEqual(full);
      expect((await revisions.head(userId, "default"))?.sequence).toBe(2);
      expect((await stores.credentials.find(userId))?.epoch).toBe(1);
      // A change of credentials that brings no revision is not held up.
      expect(await stores.credentials.change(change([]))).toEqual({ type: "changed" });
    });
  });
}
