import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { OpenStores } from "../stores.ts";
import type { Stores } from "../stores.ts";

/** Gives empty stores that are gone when the test has finished. */
export type OpenForTest = () => Promise<Stores>;

/** A directory of the running test's own. */
export function temporaryDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), "holdfast-stores-"));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** Closes stores when the running test has finished; closing them earlier does no harm. */
export function closedAfterTest(stores: OpenStores): OpenStores {
  onTestFinished(() => stores.close());
  return stores;
}
