import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { rejectedCode } from "@holdfast/testing";
import { expect, test } from "vitest";
import { newWallet, readWallet } from "../contract/fixtures.ts";
import { temporaryDataDir } from "../contract/open-for-test.ts";
import { openSqliteStores } from "./open-sqlite-stores.ts";

const WRITER = fileURLToPath(new URL("../contract/write-until-killed.ts", import.meta.url));
const ROUNDS = 10;
const USERS = 16;

/** Lets the process acknowledge some wallets, kills it in the middle, and adds what it acknowledged. */
async function writeAndKill(
  dataDir: string,
  linesToRead: number,
  acknowledged: Map<number, number>,
) {
  const writer = spawn(process.execPath, [WRITER, dataDir, String(USERS)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(writer, "exit");
  let lines = 0;
  let secondOwner = "not tried";
  for await (const line of createInterface({ input: writer.stdout })) {
    const [userId, sequence] = line.split(" ").map(Number);
    acknowledged.set(userId!, sequence!);
    lines += 1;
    if (lines === 1) secondOwner = await rejectedCode(openSqliteStores({ dataDir }));
    if (lines === linesToRead) writer.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  expect(secondOwner).toBe("data-dir-in-use");
}

test("[STORE-20] [STORE-25] every acknowledged wallet is there after the process was killed, time and again", async () => {
  const dataDir = temporaryDataDir();
  const acknowledged = new Map<number, number>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    await writeAndKill(dataDir, 40 * round, acknowledged);
    // The killed owner's lock does not keep the next one from opening.
    const stores = await openSqliteStores({ dataDir });
    for (const [userId, sequence] of acknowledged) {
      const newest = await stores.wallets.newest(userId);
      const stored = newest?.sequence ?? 0;
      expect(stored).toBeGreaterThanOrEqual(sequence);
      const encryptedWallet = `${stored} `.repeat(1000);
      expect(readWallet(newest)).toEqual(newWallet(stored, { encryptedWallet }));
    }
    await stores.close();
  }
  expect(acknowledged.size).toBe(USERS);
});
