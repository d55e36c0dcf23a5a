import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { migrate } from "./migrate.ts";
import { SCHEMA_STEPS } from "./schema.ts";

test("[STORE-26] [STORE-56] accounts of an earlier version are counted when the schema is brought up to date", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database, SCHEMA_STEPS.slice(0, 2));
  for (const userId of [1, 2]) {
    database.exec(`
      INSERT INTO accounts VALUES (${userId}, 'a${userId}', 'a${userId}', 1, 1);
      INSERT INTO holders VALUES (${userId}, 'i${userId}', 'n', 1, 'c', 'r', 'k', 0);`);
  }
  for (const [sequence, bytes] of [10, 20, 0].entries()) {
    const key = `1, 'default', ${sequence + 1}`;
    database.exec(
      `INSERT INTO revisions VALUES (${key}, 'h', 'header', 's', 1, 1, 'd', 0, ${bytes}, 0)`,
    );
    // The second text is gone by the retention rule, the third never came.
    if (sequence === 0) {
      database.exec(`INSERT INTO revision_bodies VALUES (${key}, zeroblob(${bytes}))`);
    }
  }
  migrate(database);
  const counted = database.prepare("SELECT stored_bytes FROM holders ORDER BY user_id").all();
  expect(counted.map((row) => row["stored_bytes"])).toEqual([3 * 1024 + 10, 0]);
  database.close();
});
