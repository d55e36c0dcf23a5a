import { describeStores } from "../contract/store-contract.ts";
import { createMemoryStores } from "./memory-stores.ts";

describeStores("memory", () => Promise.resolve(createMemoryStores()));
