/** Fills a data directory with accounts that are logged in, without paying scrypt for each. */
import { createHash, randomBytes } from "node:crypto";
import { openStores } from "../../apps/server/src/stores/open-stores.ts";

/** Makes `count` accounts in `dataDir` and answers one token for each, all of them good for a day. */
export async function createLoggedInAccounts(
  dataDir: string,
  count: number,
): Promise<readonly string[]> {
  const stores = await openStores({ dataDir });
  try {
    return await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        const created = await stores.accounts.create({
          email: `bench-${index}-${randomBytes(6).toString("hex")}@example.com`,
          passwordHash: "none: nobody logs in with it",
          clientSaltSeed: randomBytes(32).toString("hex"),
          verified: true,
        });
        if (created.type !== "created") throw new Error("an address was taken twice");
        const token = randomBytes(32).toString("hex");
        await stores.sessions.create({
          userId: created.userId,
          deviceId: "bench",
          tokenHash: createHash("sha256").update(token).digest("hex"),
          expiresAtMs: Date.now() + 24 * 60 * 60 * 1000,
          credentialVersion: 1,
        });
        return token;
      }),
    );
  } finally {
    await stores.close();
  }
}
