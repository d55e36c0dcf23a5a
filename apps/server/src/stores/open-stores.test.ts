import { closedAfterTest, temporaryDataDir } from "./contract/open-for-test.ts";
import { describeStores } from "./contract/store-contract.ts";
import { openStores } from "./open-stores.ts";

describeStores("SQLite behind caches", async () =>
  closedAfterTest(await openStores({ dataDir: temporaryDataDir() })),
);
