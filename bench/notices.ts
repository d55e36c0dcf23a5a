/**
 * Notices: how long after a device starts to POST a wallet the account's other devices have heard of it, over
 * WebSockets that stay open. One writer; as many listeners as the first argument says, on the same account.
 *
 *     npm run bench:notices -- [listeners] [wallets]
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { createLoggedInAccounts } from "./load/accounts.ts";
import { startChildServer } from "./load/child-server.ts";
import { describeMachine, formatTable, median } from "./load/figures.ts";

const [listeners = 50, wallets = 300] = process.argv.slice(2).map(Number);

const dataDir = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
try {
  const [token = ""] = await createLoggedInAccounts(dataDir, 1);
  const server = await startChildServer("holdfast", [dataDir]);
  const sockets = await Promise.all(
    Array.from({ length: listeners }, async () => {
      const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/3/websocket`, {
        headers: { authorization: `Bearer ${token}` },
      });
      await once(socket, "open");
      return socket;
    }),
  );
  const answeredMs: number[] = [];
  const firstMs: number[] = [];
  const lastMs: number[] = [];
  for (let sequence = 1; sequence <= wallets; sequence += 1) {
    const startedAt = performance.now();
    const heard = sockets.map(async (socket) => {
      const [message] = (await once(socket, "message")) as [Buffer];
      if (message.toString() !== `wallet-update:${sequence}`) throw new Error("another notice");
      return performance.now() - startedAt;
    });
    const wallet = { encryptedWallet: "w".repeat(8 * 1024), sequence, hmac: "h" };
    const answer = await fetch(`${server.url}/api/3/wallet`, {
      method: "POST",
      body: JSON.stringify({ token, ...wallet }),
    });
    if (answer.status !== 200) throw new Error(`a wallet was answered ${answer.status}`);
    await answer.arrayBuffer();
    answeredMs.push(performance.now() - startedAt);
    const heardMs = (await Promise.all(heard)).sort((a, b) => a - b);
    firstMs.push(heardMs[0] ?? Number.NaN);
    lastMs.push(heardMs.at(-1) ?? Number.NaN);
  }
  for (const socket of sockets) socket.close();
  await server.stop();

  const row = (name: string, values: readonly number[]): string[] => {
    const sorted = [...values].sort((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
    return [name, median(values).toFixed(1), p99.toFixed(1)];
  };
  process.stdout.write(
    `${describeMachine()}; ${listeners} listeners on one account, ${wallets} wallets of 8 KiB\n\n` +
      `${formatTable([
        ["after the POST was sent", "median ms", "p99 ms"],
        row("its answer", answeredMs),
        row("first listener heard", firstMs),
        row("last listener heard", lastMs),
      ])}\n`,
  );
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
