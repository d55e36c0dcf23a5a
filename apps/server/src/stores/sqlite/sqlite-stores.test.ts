import { closedAfterTest, temporaryDataDir } from "../contract/open-for-test.ts";
import { describeStores } from "../contract/store-contract.ts";
import { openSqliteStores } from "./open-sqlite-stores.ts";

describeStores("SQLite", async () =>
  closedAfterTest(await openSqliteStores({ dataDir: temporaryDataDir() })),
);
