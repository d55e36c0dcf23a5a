import { describe, expect, test } from "vitest";
import { newAccount, NOW_MS } from "./fixtures.ts";
import type { OpenForTest } from "./open-for-test.ts";

export function describeVerificationStore(open: OpenForTest): void {
  const openWithAccount = async () => {
    const stores = await open();
    const expiresAtMs = NOW_MS + 1000;
    const verification = { tokenHash: "first", expiresAtMs };
    const account = newAccount("ann@example.org", { verified: false, verification });
    await stores.accounts.create(account);
    return { ...stores, userId: 1, expiresAtMs };
  };
  const refused = { type: "unknown-or-expired" };

  describe("verification tokens", () => {
    test("[STORE-13] redeeming one token verifies the account and uses up all its tokens", async () => {
      const { accounts, verification, userId, expiresAtMs } = await openWithAccount();
      const added = await verification.add({ userId, tokenHash: "second", expiresAtMs });
      expect(added).toEqual({ type: "added" });
      expect(await verification.redeem("second", NOW_MS)).toEqual({ type: "verified", userId });
      expect(await accounts.findByEmail("ann@example.org")).toMatchObject({ verified: true });
      expect(await verification.redeem("first", NOW_MS)).toEqual(refused);
      expect(await verification.redeem("second", NOW_MS)).toEqual(refused);
    });

    test("[STORE-13] a verified or unknown account gets no further token", async () => {
      const { verification, userId, expiresAtMs } = await openWithAccount();
      await verification.redeem("first", NOW_MS);
      const again = { tokenHash: "again", expiresAtMs };
      const alreadyVerified = { type: "already-verified" };
      expect(await verification.add({ ...again, userId })).toEqual(alreadyVerified);
      expect(await verification.add({ ...again, userId: 99 })).toEqual(alreadyVerified);
      expect(await verification.redeem("again", NOW_MS)).toEqual(refused);
    });

    test("[STORE-8] a token works until the millisecond in which it expires", async () => {
      const { accounts, verification, expiresAtMs } = await openWithAccount();
      expect(await verification.redeem("first", expiresAtMs)).toEqual(refused);
      expect(await accounts.findByEmail("ann@example.org")).toMatchObject({ verified: false });
      expect(await verification.redeem("first", expiresAtMs - 1)).toMatchObject({
        type: "verified",
      });
    });

    test("[STORE-14] removing expired tokens removes exactly those and counts them", async () => {
      const { verification, userId } = await openWithAccount();
      for (const [index, expiresAtMs] of [NOW_MS - 1, NOW_MS, NOW_MS + 1].entries()) {
        await verification.add({ userId, tokenHash: `token ${index}`, expiresAtMs });
      }
      expect(await verification.removeExpired(NOW_MS)).toBe(2);
      expect(await verification.removeExpired(NOW_MS)).toBe(0);
      expect(await verification.redeem("token 2", NOW_MS)).toEqual({ type: "verified", userId });
    });
  });
}
