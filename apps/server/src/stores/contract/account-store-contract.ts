import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addUser, newAccount, newWallet, NOW_MS, pushWallets, readWallet } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";

export function describeAccountStore(open: OpenForTest): void {
  describe("accounts", () => {
    test("[STORE-1] an account is found under any case of its address and keeps the form of the sign-up", async () => {
      const { accounts } = await open();
      const account = newAccount("Zoë.Ａnn@Example.org");
      expect(await accounts.create(account)).toEqual({ type: "created", userId: 1 });

      const stored = { ...account, userId: 1, credentialVersion: 1 };
      expect(await accounts.findByEmail("zoË.aNN@exAMPLE.ORG")).toEqual(stored);
      expect(await accounts.findByEmail("Zoë.Ann@Example.com")).toBeUndefined();
    });

    test("[STORE-1] an address in other letters' case is taken, and the first account stays as it is", async () => {
      const { accounts } = await open();
      await accounts.create(newAccount("ann@example.org"));
      const second = newAccount("ANN@example.org", { passwordHash: "another" });
      expect(await accounts.create(second)).toEqual({ type: "email-taken" });
      expect(await accounts.findByEmail("ANN@example.org")).toMatchObject({
        email: "ann@example.org",
        passwordHash: newAccount("ann@example.org").passwordHash,
      });
    });

    test("[STORE-1] of many who sign up with one address at once exactly one gets it", async () => {
      const { accounts } = await open();
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, () => accounts.create(newAccount("ann@example.org"))),
      );
      expect(outcomes.filter(({ type }) => type === "created")).toHaveLength(1);
    });

    test("[STORE-2] the first verification token works as soon as the account is there", async () => {
      const { accounts, verification } = await open();
      const token = { tokenHash: "first", expiresAtMs: NOW_MS + 1 };
      await accounts.create(
        newAccount("ann@example.org", { verified: false, verification: token }),
      );
      expect(await accounts.findByEmail("ann@example.org")).toMatchObject({ verified: false });
      expect(await verification.redeem("first", NOW_MS)).toEqual({ type: "verified", userId: 1 });
    });

    test("[STORE-2] a sign-up that is refused leaves no token behind", async () => {
      const { accounts, verification } = await open();
      const verified = false;
      await accounts.create(newAccount("ann@example.org", { verified }));
      const token = { tokenHash: "refused", expiresAtMs: NOW_MS + 1 };
      await accounts.create(newAccount("ann@example.org", { verified, verification: token }));
      expect(await verification.redeem("refused", NOW_MS)).toEqual({ type: "unknown-or-expired" });
    });
  });

  describe("password changes", () => {
    const change = { credentialVersion: 1, passwordHash: "new", clientSaltSeed: "6b".repeat(32) };

    test("[STORE-3] a password change without a wallet replaces the credentials and ends the user's sessions only", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      const bob = await addUser(stores, "bob@example.org");

      const outcome = await stores.accounts.changePassword({ ...change, userId: ann.userId });
      expect(outcome).toEqual({ type: "changed", wallet: undefined });
      expect(await stores.accounts.findByEmail("ann@example.org")).toMatchObject({
        ...change,
        credentialVersion: 2,
      });
      expect(await stores.sessions.find(ann.tokenHash, NOW_MS)).toBeUndefined();
      expect(await stores.sessions.find(bob.tokenHash, NOW_MS)).toEqual(bob.session);
    });

    test("[STORE-3] a password change with a wallet replaces the wallet as well", async () => {
      const stores = await open();
      const ann = await addUser(stores, "ann@example.org");
      await pushWallets(stores, ann, 2);

      const wallet = newWallet(3);
      const outcome = await stores.accounts.changePassword({
        ...change,
        userId: ann.userId,
        wallet,
      });
      expect(outcome).toMatchObject({ type: "changed", wallet: { sequence: 3 } });
      expect(readWallet(await stores.wallets.newest(ann.userId))).toEqual(wallet);
    });

    test("[STORE-4] of two password changes under the same version the second is refused and changes nothing", async () => {
      const stores = await open();
      const { userId } = await addUser(stores, "ann@example.org");
      const outcomes = await Promise.all([
        stores.accounts.changePassword({ ...change, userId }),
        stores.accounts.changePassword({ ...change, userId, passwordHash: "late" }),
      ]);
      expect(outcomes.map(({ type }) => type)).toEqual(["changed", "credentials-changed"]);
      expect(await stores.accounts.findByEmail("ann@example.org")).toMatchObject({
        passwordHash: "new",
        credentialVersion: 2,
      });
    });

    test("[STORE-5] a password change without the stored wallet's successor is refused and changes nothing", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 2 }),
          fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
          async (storedCount, sequence) => {
            fc.pre(storedCount === 0 ? sequence !== undefined : sequence !== storedCount + 1);
            const stores = await open();
            const ann = await addUser(stores, "ann@example.org");
            await pushWallets(stores, ann, storedCount);
            const account = await stores.accounts.findByEmail("ann@example.org");
            const current = await stores.wallets.newest(ann.userId);

            const outcome = await stores.accounts.changePassword({
              ...change,
              userId: ann.userId,
              ...(sequence === undefined ? {} : { wallet: newWallet(sequence) }),
            });
            const type = sequence === undefined ? "wallet-required" : "bad-sequence";
            expect(outcome).toEqual({ type, current });
            expect(await stores.accounts.findByEmail("ann@example.org")).toEqual(account);
            expect(await stores.wallets.newest(ann.userId)).toEqual(current);
            expect(await stores.sessions.find(ann.tokenHash, NOW_MS)).toEqual(ann.session);
          },
        ),
        { numRuns: 12 },
      );
    });
  });
}
