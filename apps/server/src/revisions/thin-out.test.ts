import { expect, test } from "vitest";
import { NOW_MS } from "../stores/contract/fixtures.ts";
import { closedAfterTest, temporaryDataDir } from "../stores/contract/open-for-test.ts";
import {
  addHolder,
  newDeviceSession,
  newRevisions,
} from "../stores/contract/protocol-4-fixtures.ts";
import { openSqliteStores } from "../stores/sqlite/open-sqlite-stores.ts";
import { thinOut } from "./thin-out.ts";

const HOUR_MS = 60 * 60 * 1000;

test("[P4-65] the rule is applied to every wallet, and headers stay", async () => {
  const stores = closedAfterTest(await openSqliteStores({ dataDir: temporaryDataDir() }));
  const { revisions, devices } = stores;
  // More wallets than one batch.
  const walletIds = Array.from({ length: 230 }, (_, index) => `wallet ${index}`);
  const { userId } = await addHolder(stores, "ann");
  const session = newDeviceSession("long", { expiresAtMs: NOW_MS + 1000 * HOUR_MS });
  await devices.create({ userId, epoch: 1, session });
  const { tokenHash } = session;
  for (const head of [0, 1, 2]) {
    await Promise.all(
      walletIds.map((walletId) =>
        revisions.append({
          userId,
          tokenHash,
          nowMs: NOW_MS + head * 1000,
          epoch: 1,
          revisions: newRevisions("ann", head, { walletId }),
        }),
      ),
    );
  }
  expect(await thinOut(revisions, NOW_MS + HOUR_MS)).toBe(0);
  // The last of the day is the newest here, so the two before it go.
  expect(await thinOut(revisions, NOW_MS + 49 * HOUR_MS)).toBe(2 * walletIds.length);
  expect(await thinOut(revisions, NOW_MS + 49 * HOUR_MS)).toBe(0);
  for (const walletId of ["wallet 0", "wallet 229"]) {
    const headers = await revisions.headers(userId, walletId, 0, 10);
    expect(headers.map(({ hasBody }) => hasBody)).toEqual([false, false, true]);
    expect(await revisions.newest(userId, walletId)).toBeDefined();
  }
});
