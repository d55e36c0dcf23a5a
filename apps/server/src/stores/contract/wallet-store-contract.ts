import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUser, newSession, newWallet, NOW_MS, pushWallets, readWallet } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary", minLength: 1 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom("%", "100%d %s %%", '"\\/', "\u0000", "\ud800", "\u2028", "{}", "s:8192:16:1:"),
);

export function describeWalletStore(open: OpenForTest): void {
  describe("wallets", () => {
    test("[STORE-9] a user has no wallet until one is stored, and then the newest", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      const bob = await addUser(stores, "bob@example.org");
      expect(await stores.wallets.newest(ann.userId)).toBeUndefined();
      for (const sequence of [1, 2, 3]) {
        const wallet = newWallet(sequence);
        const outcome = await stores.wallets.replace({ ...ann, nowMs: NOW_MS, wallet });
        const newest = await stores.wallets.newest(ann.userId);
        expect(outcome).toEqual({ type: "replaced", wallet: newest });
        expect(newest?.sequence).toBe(sequence);
        expect(readWallet(newest)).toEqual(wallet);
      }
      expect(await stores.wallets.newest(bob.userId)).toBeUndefined();
    });

    test("[STORE-9] every sequence but the next one is refused with the newest wallet and changes nothing", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      for (const storedCount of [0, 1, 2]) {
        await pushWallets(stores, ann, storedCount);
        const current = await stores.wallets.newest(ann.userId);
        for (const sequence of [1, 2, 3, 4, 0xffff_ffff]) {
          if (sequence === storedCount + 1) continue;
          const wallet = newWallet(sequence, { encryptedWallet: "refused" });
          const outcome = await stores.wallets.replace({ ...ann, nowMs: NOW_MS, wallet });
          expect(outcome).toEqual({ type: "conflict", current });
          expect(await stores.wallets.newest(ann.userId)).toEqual(current);
        }
      }
    });

    test("[STORE-10] of 200 writers of one sequence exactly one wins and the others get its wallet", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      for (const sequence of [1, 2]) {
        const outcomes = await Promise.all(
          Array.from({ length: 200 }, (_, writer) => {
            const wallet = newWallet(sequence, { hmac: `of writer ${writer}` });
            return stores.wallets.replace({ ...ann, nowMs: NOW_MS, wallet });
          }),
        );
        const newest = await stores.wallets.newest(ann.userId);
        const winners = outcomes.filter(({ type }) => type === "replaced");
        expect(winners).toEqual([{ type: "replaced", wallet: newest }]);
        const losers = outcomes.filter(({ type }) => type === "conflict");
        expect(losers).toHaveLength(199);
        for (const loser of losers) expect(loser).toEqual({ type: "conflict", current: newest });
      }
    });

    test("[STORE-11] a wallet of an ended, expired, unknown or another user's session is refused", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      const bob = await addUser(stores, "bob@example.org");
      const { userId, tokenHash } = ann;
      const wallet = newWallet(1);
      const refused = { type: "session-ended" };
      const replace = (tokenHash: string, nowMs: number) =>
        stores.wallets.replace({ userId, tokenHash, nowMs, wallet });

      expect(await replace("unknown", NOW_MS)).toEqual(refused);
      expect(await replace(bob.tokenHash, NOW_MS)).toEqual(refused);
      expect(await replace(tokenHash, ann.session.expiresAtMs)).toEqual(refused);
      const [, late] = await Promise.all([
        stores.sessions.create(newSession(userId, { tokenHash: "again" })),
        replace(tokenHash, NOW_MS),
      ]);
      expect(late).toEqual(refused);
      expect(await stores.wallets.newest(userId)).toBeUndefined();
      expect(await replace("again", NOW_MS)).toMatchObject({ type: "replaced" });
    });

    test("[STORE-11] a wallet that waited behind a password change is refused", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      const { userId } = ann;
      const credentials = { passwordHash: "new", clientSaltSeed: "6b".repeat(32) };
      const [, late] = await Promise.all([
        stores.accounts.changePassword({ userId, credentialVersion: 1, ...credentials }),
        stores.wallets.replace({ ...ann, nowMs: NOW_MS, wallet: newWallet(1) }),
      ]);
      expect(late).toEqual({ type: "session-ended" });
      expect(await stores.wallets.newest(userId)).toBeUndefined();
    });

    test("[STORE-12] the body is the wallet's JSON and reads back exactly, whatever the strings hold", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      let sequence = 0;
      await fc.assert(
        fc.asyncProperty(anyText, anyText, async (encryptedWallet, hmac) => {
          sequence += 1;
          const wallet = { encryptedWallet, sequence, hmac };
          await stores.wallets.replace({ ...ann, nowMs: NOW_MS, wallet });
          const newest = await stores.wallets.newest(ann.userId);
          expect(newest?.body.toString("utf8")).toBe(JSON.stringify(wallet));
          expect(readWallet(newest)).toEqual(wallet);
        }),
      );
    });

    test("[STORE-12] a wallet as large as a request may be reads back exactly", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      const wallet = newWallet(1, { encryptedWallet: "€".repeat(33_000) });
      await stores.wallets.replace({ ...ann, nowMs: NOW_MS, wallet });
      expect(readWallet(await stores.wallets.newest(ann.userId))).toEqual(wallet);
    });
  });
}
