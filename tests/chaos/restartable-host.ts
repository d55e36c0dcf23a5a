import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { startServerProcess, type ServerProcess } from "@holdfast/testing";

/** A server in a process of its own that always comes back at the same address with the same data. */
export type RestartableHost = {
  start(): Promise<string>;
  kill(): Promise<void>;
  stop(): Promise<void>;
};

export async function createRestartableHost(dataDir: string): Promise<RestartableHost> {
  const port = await findFreePort();
  let running: ServerProcess | null = null;
  return {
    async start() {
      running = await startServerProcess({
        dataDir,
        args: ["--development", "--port", String(port)],
      });
      return running.url;
    },
    async kill() {
      await running?.kill();
      running = null;
    },
    async stop() {
      await running?.stop();
      running = null;
    },
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
