import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { rejectedCode } from "@holdfast/testing";
import { expect, onTestFinished, test } from "vitest";
import { addUser, newAccount, newWallet, NOW_MS, readWallet } from "../contract/fixtures.ts";
import { closedAfterTest, temporaryDataDir } from "../contract/open-for-test.ts";
import type { Stores } from "../stores.ts";
import { migrate } from "./migrate.ts";
import { databasePath, openWriteConnection } from "./open-database.ts";
import { openSqliteStores } from "./open-sqlite-stores.ts";
import { readInteger } from "./read-integer.ts";
import { openWriteQueue, startWriter, type WriteQueueLimits } from "./write-queue.ts";

/** Triggers that make a wallet's content spoil its command, its transaction, or the commit. */
const SABOTAGE = `
  CREATE TABLE never (id INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE dangling (id INTEGER REFERENCES never DEFERRABLE INITIALLY DEFERRED) STRICT;
  CREATE TRIGGER spoil_command AFTER INSERT ON wallets
    WHEN instr(NEW.body, CAST('spoil command' AS BLOB)) BEGIN SELECT RAISE(ABORT, 'spoiled'); END;
  CREATE TRIGGER spoil_password AFTER UPDATE ON password_credentials
    WHEN NEW.password_hash = 'spoil command' BEGIN SELECT RAISE(ABORT, 'spoiled'); END;
  CREATE TRIGGER spoil_transaction AFTER INSERT ON wallets
    WHEN instr(NEW.body, CAST('spoil transaction' AS BLOB)) BEGIN SELECT RAISE(ROLLBACK, 'spoiled'); END;
  CREATE TRIGGER spoil_commit AFTER INSERT ON wallets
    WHEN instr(NEW.body, CAST('spoil commit' AS BLOB)) BEGIN INSERT INTO dangling VALUES (1); END;
`;

/** Stores, and a further connection to their database. */
async function openWithSideDoor(limits: WriteQueueLimits = {}) {
  const dataDir = temporaryDataDir();
  const stores = closedAfterTest(await openSqliteStores({ dataDir, ...limits }));
  const sideDoor = new DatabaseSync(databasePath(dataDir), { timeout: 5000 });
  onTestFinished(() => sideDoor.close());
  return { stores, sideDoor };
}

async function addUsers(stores: Stores, count: number) {
  const users = Array.from({ length: count }, (_, index) =>
    addUser(stores, `${index}@example.org`),
  );
  return Promise.all(users);
}

function pushFirst(
  stores: Stores,
  user: { readonly userId: number; readonly tokenHash: string },
  encryptedWallet: string,
) {
  const { userId, tokenHash } = user;
  const wallet = newWallet(1, { encryptedWallet });
  return stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet });
}

test("[STORE-21] a write that fails is undone alone, and the others of its group stand", async () => {
  const { stores, sideDoor } = await openWithSideDoor();
  const users = await addUsers(stores, 5);
  sideDoor.exec(SABOTAGE);

  const results = await Promise.allSettled(
    users.map((user, index) => pushFirst(stores, user, index === 2 ? "spoil command" : "fine")),
  );
  expect(results.map(({ status }) => status)).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(results[2]).toMatchObject({ reason: { code: "store-failed" } });
  for (const [index, { userId }] of users.entries()) {
    const newest = await stores.wallets.newest(userId);
    expect(newest?.sequence).toBe(index === 2 ? undefined : 1);
  }
});

test("[STORE-3] [STORE-21] a password change that fails half-way leaves nothing of it", async () => {
  const { stores, sideDoor } = await openWithSideDoor();
  const [ann, bob] = await addUsers(stores, 2);
  await pushFirst(stores, ann!, "old");
  sideDoor.exec(SABOTAGE);

  const account = await stores.accounts.findByEmail("0@example.org");
  const change = stores.accounts.changePassword({
    userId: ann!.userId,
    credentialVersion: 1,
    passwordHash: "spoil command",
    clientSaltSeed: "new",
    wallet: newWallet(2),
  });
  const other = pushFirst(stores, bob!, "fine");
  expect(await rejectedCode(change)).toBe("store-failed");
  expect(await other).toMatchObject({ type: "replaced" });
  expect(await stores.accounts.findByEmail("0@example.org")).toEqual(account);
  expect(await stores.wallets.newest(ann!.userId)).toMatchObject({ sequence: 1 });
  expect(await stores.sessions.find(ann!.tokenHash, NOW_MS)).toEqual(ann!.session);
});

test.each(["spoil commit", "spoil transaction"])(
  "[STORE-22] when a group is lost (%s) every write of it is refused and none is kept, and later writes work",
  async (spoil) => {
    const { stores, sideDoor } = await openWithSideDoor();
    const users = await addUsers(stores, 4);
    sideDoor.exec(SABOTAGE);

    const codes = await Promise.all(
      users.map((user, index) =>
        rejectedCode(pushFirst(stores, user, index === 2 ? spoil : "fine")),
      ),
    );
    expect(codes).toEqual(users.map(() => "store-failed"));
    for (const { userId } of users) expect(await stores.wallets.newest(userId)).toBeUndefined();

    for (const user of users) {
      expect(await pushFirst(stores, user, "fine")).toMatchObject({ type: "replaced" });
    }
  },
);

test("[STORE-23] reads answer from the last commit while a write waits", async () => {
  const { stores, sideDoor } = await openWithSideDoor();
  const [ann, bob] = await addUsers(stores, 2);
  await pushFirst(stores, ann!, "stored");

  sideDoor.exec("BEGIN IMMEDIATE");
  let isWritten = false;
  const write = pushFirst(stores, bob!, "waiting").then((outcome) => {
    isWritten = true;
    return outcome;
  });
  for (let reads = 0; reads < 100; reads += 1) {
    expect(readWallet(await stores.wallets.newest(ann!.userId))).toMatchObject({
      encryptedWallet: "stored",
    });
    expect(await stores.sessions.find(bob!.tokenHash, NOW_MS)).toEqual(bob!.session);
    expect(await stores.wallets.newest(bob!.userId)).toBeUndefined();
    await new Promise((proceed) => setImmediate(proceed));
  }
  expect(isWritten).toBe(false);

  sideDoor.exec("ROLLBACK");
  expect(await write).toMatchObject({ type: "replaced" });
  expect(await stores.wallets.newest(bob!.userId)).toMatchObject({ sequence: 1 });
});

test("[STORE-24] writes beyond the queue's bytes are refused at once and the accepted ones are stored", async () => {
  const { stores, sideDoor } = await openWithSideDoor({ maxQueuedBytes: 4 * 1024 });
  sideDoor.exec("BEGIN IMMEDIATE");
  const emails = Array.from({ length: 20 }, (_, index) => `${index}@example.org`);
  const signUps = emails.map((email) => stores.accounts.create(newAccount(email)));
  const refusals = await Promise.all(signUps.slice(4).map(rejectedCode));
  expect(refusals).toEqual(emails.slice(4).map(() => "store-busy"));

  sideDoor.exec("ROLLBACK");
  const accepted = await Promise.all(signUps.slice(0, 4));
  expect(accepted.map(({ type }) => type)).toEqual(accepted.map(() => "created"));
  for (const [index, email] of emails.entries()) {
    expect((await stores.accounts.findByEmail(email)) !== undefined).toBe(index < 4);
  }
});

test("[STORE-24] a queue larger than one group's bytes is written in order, group by group", async () => {
  const { stores } = await openWithSideDoor({ maxGroupBytes: 3 * 1024 });
  const [ann] = await addUsers(stores, 1);
  const outcomes = await Promise.all(
    Array.from({ length: 25 }, (_, index) => {
      const { userId, tokenHash } = ann!;
      const wallet = newWallet(index + 1);
      return stores.wallets.replace({ userId, tokenHash, nowMs: NOW_MS, wallet });
    }),
  );
  expect(outcomes.map(({ type }) => type)).toEqual(outcomes.map(() => "replaced"));
});

test("[STORE-28] closing finishes the writes that were accepted and refuses later ones", async () => {
  const dataDir = temporaryDataDir();
  const stores = await openSqliteStores({ dataDir, maxGroupBytes: 3 * 1024 });
  const emails = Array.from({ length: 20 }, (_, index) => `${index}@example.org`);
  const accepted = emails.map((email) => stores.accounts.create(newAccount(email)));
  const closing = stores.close();
  expect(await rejectedCode(stores.accounts.create(newAccount("late@example.org")))).toBe(
    "store-closed",
  );
  await closing;
  await stores.close();
  expect(await rejectedCode(stores.accounts.create(newAccount("later@example.org")))).toBe(
    "store-closed",
  );
  const created = await Promise.all(accepted);
  expect(created.map(({ type }) => type)).toEqual(created.map(() => "created"));

  const again = closedAfterTest(await openSqliteStores({ dataDir }));
  for (const email of emails) expect(await again.accounts.findByEmail(email)).toBeDefined();
  expect(await again.accounts.findByEmail("late@example.org")).toBeUndefined();
});

test("[STORE-20] when the writer dies nothing more is acknowledged, and readiness says so", async () => {
  const path = join(temporaryDataDir(), "holdfast.db");
  const database = openWriteConnection(path);
  migrate(database);
  const writer = startWriter(path);
  const writes = await openWriteQueue(writer);
  await writes.submit({ type: "check" });

  database.exec("BEGIN IMMEDIATE");
  const waiting = [writes.submit({ type: "check" }), writes.submit({ type: "check" })];
  const codes = Promise.all(waiting.map(rejectedCode));
  await writer.terminate();
  expect(await codes).toEqual(["store-closed", "store-closed"]);
  expect(await rejectedCode(writes.submit({ type: "check" }))).toBe("store-closed");
  await writes.close();
  database.close();
});

test("[STORE-30] stores are ready while writes get through, and not once they are closed", async () => {
  const { stores } = await openWithSideDoor();
  await stores.checkReady();
  await stores.close();
  expect(await rejectedCode(stores.checkReady())).toBe("store-closed");
});

test("[STORE-30] asking whether the stores are ready writes, so that a full disk shows", async () => {
  const { stores, sideDoor } = await openWithSideDoor();
  // Changes when another connection has written.
  const version = (): number => readInteger(sideDoor, "PRAGMA data_version");
  const before = version();
  await stores.checkReady();
  expect(version()).not.toBe(before);
});
