import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { rejectedCode } from "@holdfast/testing";
import { expect, test } from "vitest";
import { addUser, pushWallets } from "../contract/fixtures.ts";
import { closedAfterTest, temporaryDataDir } from "../contract/open-for-test.ts";
import { migrate } from "./migrate.ts";
import { databasePath, openWriteConnection } from "./open-database.ts";
import { openSqliteStores } from "./open-sqlite-stores.ts";
import { readInteger } from "./read-integer.ts";
import { SCHEMA_STEPS } from "./schema.ts";
import { openWriteQueue, startWriter } from "./write-queue.ts";

test("[STORE-25] a data directory in use is refused until its owner has closed it", async () => {
  const dataDir = temporaryDataDir();
  const owner = await openSqliteStores({ dataDir });
  expect(await rejectedCode(openSqliteStores({ dataDir }))).toBe("data-dir-in-use");
  // The refusal must not have loosened the owner's hold.
  expect(await rejectedCode(openSqliteStores({ dataDir }))).toBe("data-dir-in-use");
  await owner.checkReady();
  await owner.close();
  await closedAfterTest(await openSqliteStores({ dataDir })).checkReady();
});

test("[STORE-25] a directory that cannot be made or locked is refused with the reason", async () => {
  const file = join(temporaryDataDir(), "file");
  writeFileSync(file, "in the way");
  expect(await rejectedCode(openSqliteStores({ dataDir: file }))).toBe("data-dir-unusable");
  expect(await rejectedCode(openSqliteStores({ dataDir: join(file, "data") }))).toBe(
    "data-dir-unusable",
  );
  const dataDir = temporaryDataDir();
  writeFileSync(join(dataDir, "holdfast.lock"), "not a database, whatever it may be\n".repeat(100));
  expect(await rejectedCode(openSqliteStores({ dataDir }))).toBe("data-dir-unusable");
});

test("[STORE-27] the data directory and its files are readable by their owner alone", async () => {
  const dataDir = join(temporaryDataDir(), "new", "data");
  const stores = closedAfterTest(await openSqliteStores({ dataDir }));
  await pushWallets(stores, await addUser(stores, "ann@example.org"), 1);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  const files = readdirSync(dataDir).sort();
  expect(files).toEqual(["holdfast.db", "holdfast.db-shm", "holdfast.db-wal", "holdfast.lock"]);
  for (const file of files) {
    expect([file, statSync(join(dataDir, file)).mode & 0o777]).toEqual([file, 0o600]);
  }
});

test("[STORE-28] after closing the one database file is whole without its log", async () => {
  const dataDir = temporaryDataDir();
  const stores = await openSqliteStores({ dataDir });
  const ann = await addUser(stores, "ann@example.org");
  await pushWallets(stores, ann, 3);
  await stores.close();
  const database = new DatabaseSync(`file:${databasePath(dataDir)}?immutable=1`, {
    readOnly: true,
  });
  expect(readInteger(database, "SELECT sequence FROM wallets")).toBe(3);
  database.close();
});

test("[STORE-26] opening an existing database keeps what is in it", async () => {
  const dataDir = temporaryDataDir();
  const first = await openSqliteStores({ dataDir });
  const ann = await addUser(first, "ann@example.org");
  await pushWallets(first, ann, 2);
  const before = await first.wallets.newest(ann.userId);
  await first.close();
  const second = closedAfterTest(await openSqliteStores({ dataDir }));
  expect(await second.wallets.newest(ann.userId)).toEqual(before);
  expect(await second.accounts.findByEmail("ann@example.org")).toMatchObject({ verified: true });
});

test("[STORE-26] steps are applied once each, in order", () => {
  const database = new DatabaseSync(":memory:");
  const steps = ["CREATE TABLE one (x)", "CREATE TABLE two (x)", "INSERT INTO two VALUES (2)"];
  migrate(database, steps.slice(0, 2));
  migrate(database, steps);
  migrate(database, steps);
  expect(readInteger(database, "SELECT count(*) FROM two")).toBe(1);
  expect(readInteger(database, "PRAGMA user_version")).toBe(3);
});

test("[STORE-26] a step that fails leaves the database as it was", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database, ["CREATE TABLE one (x)"]);
  const steps = ["CREATE TABLE one (x)", "CREATE TABLE two (x)", "INSERT INTO missing VALUES (1)"];
  expect(() => migrate(database, steps)).toThrow("no such table");
  expect(readInteger(database, "PRAGMA user_version")).toBe(1);
  expect(readInteger(database, "SELECT count(*) FROM sqlite_schema")).toBe(1);
});

test("[STORE-26] a newer version's database is refused and not touched", async () => {
  const dataDir = temporaryDataDir();
  const stores = await openSqliteStores({ dataDir });
  await stores.close();
  const newer = openWriteConnection(databasePath(dataDir));
  newer.exec(`PRAGMA user_version = ${SCHEMA_STEPS.length + 1}`);
  newer.close();

  const opening = openSqliteStores({ dataDir });
  await expect(opening).rejects.toThrow("written by a newer version of Holdfast");
  expect(await rejectedCode(opening)).toBe("database-unusable");
  const database = new DatabaseSync(databasePath(dataDir));
  expect(readInteger(database, "PRAGMA user_version")).toBe(SCHEMA_STEPS.length + 1);
  database.close();
});

test("[STORE-26] another program's database is refused and not touched", async () => {
  const dataDir = temporaryDataDir();
  const theirs = new DatabaseSync(databasePath(dataDir));
  theirs.exec("CREATE TABLE theirs (x)");
  theirs.close();
  const before = readFileSync(databasePath(dataDir));
  expect(await rejectedCode(openSqliteStores({ dataDir }))).toBe("database-unusable");
  expect(readFileSync(databasePath(dataDir)).equals(before)).toBe(true);
});

test("[STORE-26] a file that is no database is refused and not touched, and the lock is let go", async () => {
  const dataDir = temporaryDataDir();
  writeFileSync(databasePath(dataDir), "not a database, whatever it may be\n".repeat(100));
  const { size } = statSync(databasePath(dataDir));
  expect(await rejectedCode(openSqliteStores({ dataDir }))).toBe("database-unusable");
  expect(await rejectedCode(openSqliteStores({ dataDir }))).toBe("database-unusable");
  expect(statSync(databasePath(dataDir)).size).toBe(size);
});

test("[STORE-28] a writer that cannot start says so", async () => {
  const path = join(temporaryDataDir(), "missing", "holdfast.db");
  expect(await rejectedCode(openWriteQueue(startWriter(path)))).toBe("store-closed");
});
