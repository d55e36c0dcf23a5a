/**
 * A process for the durability test: pushes wallets for many users at once into the data directory it is given, and
 * writes a line for each one that was acknowledged, until somebody kills it.
 */
import { openStores } from "../open-stores.ts";
import { newAccount, newSession, newWallet, NOW_MS } from "./fixtures.ts";

const [dataDir = "", users = "1"] = process.argv.slice(2);
const stores = await openStores({ dataDir });

await Promise.all(
  Array.from({ length: Number(users) }, async (_, index) => {
    const userId = await findOrCreate(`${index}@example.org`);
    const tokenHash = `${process.pid} ${index}`;
    await stores.sessions.create(newSession(userId, { tokenHash }));
    let sequence = (await stores.wallets.newest(userId))?.sequence ?? 0;
    for (;;) {
      sequence += 1;
      const wallet = newWallet(sequence, { encryptedWallet: `${sequence} `.repeat(1000) });
      const outcome = await stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet });
      if (outcome.type !== "replaced") throw new Error(outcome.type);
      process.stdout.write(`${userId} ${sequence}\n`);
    }
  }),
);

async function findOrCreate(email: string): Promise<number> {
  const account = await stores.accounts.findByEmail(email);
  if (account !== undefined) return account.userId;
  const created = await stores.accounts.create(newAccount(email));
  if (created.type !== "created") throw new Error(created.type);
  return created.userId;
}
