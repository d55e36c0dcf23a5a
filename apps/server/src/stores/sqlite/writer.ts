/**
 * The writer's thread: owns the only connection that writes, and commits one group after the other. It imports nothing
 * but relative files and Node, so that it starts the same way from source and from `dist`.
 */
import { parentPort, workerData } from "node:worker_threads";
import { createCommandHandlers } from "./command-handlers.ts";
import type { WriterAnswer, WriterRequest } from "./commands.ts";
import { createGroupCommitter } from "./commit-group.ts";
import { openWriteConnection } from "./open-database.ts";

const port = parentPort;
if (port === null) throw new Error("writer.ts runs only as a worker thread");

const answer = (message: WriterAnswer): void => port.postMessage(message);
const { path } = workerData as { readonly path: string };
const database = openWriteConnection(path);
const commitGroup = createGroupCommitter(database, createCommandHandlers(database));

port.on("message", (request: WriterRequest) => {
  if (request.type === "group") {
    answer(commitGroup(request.commands));
    return;
  }
  // Leaves everything in the one file, so that a copy of it alone is a whole backup.
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  answer({ type: "closed" });
  port.close();
});
answer({ type: "ready" });
