import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { parseSettings, startServer } from "@holdfast/server";

export type TestHost = { readonly url: string; close(): Promise<void> };

/** The real server on a free port with real SQLite files; its own password hashing turned down. */
export async function startTestHost(env: Readonly<Record<string, string>> = {}): Promise<TestHost> {
  const dataDir = await mkdtemp(join(tmpdir(), "holdfast-host-"));
  const parsed = parseSettings({
    flags: { port: "0", data: dataDir },
    env,
    profile: "development",
  });
  if (parsed.type === "invalid") throw new Error(parsed.problems.join("\n"));
  const silence = new Writable({
    write: (_chunk, _encoding, done) => {
      done();
    },
  });
  const server = await startServer(parsed.settings, { output: silence, passwordCostLog2: 4 });
  return {
    url: server.url,
    async close() {
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
