/**
 * The main thread's side of the writer: queues commands and hands them over in groups. While one group is being
 * committed the next one gathers, so the busier the server, the more writes share one wait for the disk.
 *
 * Invariants: a promise resolves only after its group is on disk; commands are run in the order in which they came;
 * what waits is bounded, and what does not fit is refused at once; after the writer's death everything rejects.
 */
import { getCompileCacheDir } from "node:module";
import { dirname } from "node:path";
import { Worker } from "node:worker_threads";
import { ServerError } from "../../server-error.ts";
import type {
  Command,
  CommandOf,
  CommandOutcomes,
  CommandResult,
  WriterAnswer,
  WriterRequest,
} from "./commands.ts";

export interface WriteQueue {
  /** Resolves when the command is on disk. Rejects with ServerError `store-busy`, `store-failed` or `store-closed`. */
  submit<Type extends Command["type"]>(command: CommandOf<Type>): Promise<CommandOutcomes[Type]>;
  /** Resolves with the reason if the writer ends without being told to: nothing can be written any more. */
  readonly lost: Promise<ServerError>;
  /** Finishes what was submitted, refuses the rest and ends the thread. */
  close(): Promise<void>;
}

export interface WriteQueueLimits {
  /** How much may wait, counting each command's wallet and 1 KiB. Default 64 MiB. */
  readonly maxQueuedBytes?: number;
  /** How much goes into one transaction. Default 8 MiB. */
  readonly maxGroupBytes?: number;
}

interface Waiting {
  readonly command: Command;
  readonly bytes: number;
  readonly resolve: (outcome: never) => void;
  readonly reject: (error: ServerError) => void;
}

/** Starts the writer's thread on a database that is already migrated. */
export function startWriter(path: string): Worker {
  // Source runs from .ts, the published package from .js.
  const extension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
  // What the program keeps its compiled code in serves the thread too, which saves a tenth of the time to start.
  const cache = getCompileCacheDir();
  const env = { ...process.env, ...(cache && { NODE_COMPILE_CACHE: dirname(cache) }) };
  return new Worker(new URL(`./writer${extension}`, import.meta.url), {
    workerData: { path },
    env,
  });
}

/** Opens the queue of a writer that was just started; it ends the writer when it is closed. */
export async function openWriteQueue(
  writer: Worker,
  { maxQueuedBytes = 64 * 1024 * 1024, maxGroupBytes = 8 * 1024 * 1024 }: WriteQueueLimits = {},
): Promise<WriteQueue> {
  const post = (request: WriterRequest): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    writer.postMessage(request);
  };

  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let committing: readonly Waiting[] = [];
  let isGroupPlanned = false;
  let isClosing = false;
  /** Why nothing can be written any more. */
  let ended: ServerError | undefined;

  const ready = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<ServerError>();

  const sendGroup = (): void => {
    isGroupPlanned = false;
    if (ended !== undefined || committing.length > 0) return;
    if (waiting.length === 0) {
      if (isClosing) post({ type: "close" });
      return;
    }
    const { count, bytes } = measureGroup(waiting, maxGroupBytes);
    committing = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingBytes -= bytes;
    post({ type: "group", commands: committing.map((one) => one.command) });
  };

  const planGroup = (): void => {
    if (isGroupPlanned || committing.length > 0) return;
    isGroupPlanned = true;
    // After the requests that have already arrived have been read: they go into the same group.
    setImmediate(sendGroup);
  };

  const end = (error: ServerError): void => {
    if (ended === undefined) lost.resolve(error);
    ended ??= error;
    for (const one of [...committing, ...waiting]) one.reject(ended);
    committing = [];
    waiting = [];
    ready.reject(ended);
    closed.resolve();
  };

  writer.on("message", (answer: WriterAnswer) => {
    if (answer.type === "ready") return ready.resolve();
    if (answer.type === "closed") {
      ended = storeClosed();
      return undefined;
    }
    const group = committing;
    committing = [];
    sendGroup();
    if (answer.type === "committed") settle(group, answer.results);
    else for (const one of group) one.reject(storeFailed(answer.reason));
    return undefined;
  });
  writer.on("error", (error) => end(writerEnded(error)));
  writer.on("exit", () => end(writerEnded(undefined)));
  await ready.promise;

  return {
    lost: lost.promise,

    submit(command) {
      if (ended !== undefined) return Promise.reject(ended);
      if (isClosing) return Promise.reject(storeClosed());
      const bytes = sizeOf(command);
      if (waitingBytes + bytes > maxQueuedBytes) return Promise.reject(storeBusy());
      waitingBytes += bytes;
      return new Promise((resolve, reject) => {
        waiting.push({ command, bytes, resolve, reject });
        planGroup();
      });
    },

    async close() {
      if (!isClosing) {
        isClosing = true;
        planGroup();
      }
      await closed.promise;
    },
  };
}

function settle(group: readonly Waiting[], results: readonly CommandResult[]): void {
  for (const [index, one] of group.entries()) {
    const result = results[index];
    if (result?.type === "done") one.resolve(result.outcome as never);
    else one.reject(storeFailed(result?.reason ?? "the writer gave no result"));
  }
}

function measureGroup(waiting: readonly Waiting[], maxBytes: number) {
  let count = 0;
  let bytes = 0;
  for (const one of waiting) {
    if (count > 0 && bytes + one.bytes > maxBytes) break;
    count += 1;
    bytes += one.bytes;
  }
  return { count, bytes };
}

function sizeOf(command: Command): number {
  if ("bytes" in command) return 1024 + command.bytes;
  const wallet = "wallet" in command ? command.wallet : undefined;
  return 1024 + (wallet?.body.byteLength ?? 0);
}

function storeBusy(): ServerError {
  return new ServerError(
    "store-busy",
    "The server has more to write than it can keep up with. Nothing was stored. Try again in a moment.",
  );
}

function storeFailed(reason: string): ServerError {
  return new ServerError(
    "store-failed",
    `The server could not write to its database (${reason}). The change was not stored. Try again; if that goes on, whoever runs the server should look at its disk.`,
  );
}

function storeClosed(): ServerError {
  return new ServerError("store-closed", "The server is stopping. The change was not stored.");
}

function writerEnded(cause: unknown): ServerError {
  return new ServerError(
    "store-closed",
    "The server's writer ended unexpectedly. Nothing can be stored until the server is restarted, and whether the last changes were stored shows only then.",
    { cause },
  );
}
