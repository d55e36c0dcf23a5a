/**
 * The server as it runs: SQLite, validation, logging, metrics. Arguments: data directory, `grouped`, `single`, or `open` (anybody may sign
 * up, nothing is limited).
 */
import { Writable } from "node:stream";
import { openStores } from "../../apps/server/src/stores/open-stores.ts";
import { parseSettings, startServer } from "@holdfast/server";
import { serveParent } from "../load/child-server.ts";

const [dataDir = "", variant = "grouped"] = process.argv.slice(2);
const parsed = parseSettings({
  profile: variant === "open" ? "development" : "production",
  flags: { port: "0", host: "127.0.0.1", data: dataDir },
  env: {},
});
if (parsed.type !== "valid") throw new Error(JSON.stringify(parsed));
// A group of one byte holds one write: that is one durable commit per write, everything else being equal.
const stores = await openStores({ dataDir, ...(variant === "single" ? { maxGroupBytes: 1 } : {}) });
const server = await startServer(parsed.settings, {
  stores,
  output: new Writable({ write: (_line, _encoding, written) => written() }),
});
serveParent(server.url, () => server.close());
