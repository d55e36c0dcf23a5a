/**
 * scrypt in a Web Worker, so that the page stays alive meanwhile. A bundler makes the worker from a file of the app's
 * own, which consists of `serveScrypt(self)`; the page gives it to `createWorkerScrypt(() => new Worker(…))`.
 */
import type { Scrypt, ScryptParams } from "../../ports/scrypt.ts";
import { withDerivationProgress } from "../derivation-progress.ts";
import { wasmScrypt } from "./wasm-scrypt.ts";

type Job = {
  readonly id: number;
  readonly password: Uint8Array;
  readonly salt: Uint8Array;
  readonly params: ScryptParams;
};
type JobResult =
  | { readonly id: number; readonly key: Uint8Array }
  | { readonly id: number; readonly failure: string };

/** The part of `Worker`, a worker's `self` and `MessagePort` that is used. */
export type MessageEnd = {
  postMessage(message: unknown, transfer: []): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  /** a worker whose program could not be loaded, or that failed outside of a job */
  addEventListener(type: "error", listener: () => void): void;
};

/** Answers the jobs of `createWorkerScrypt`, in the worker. */
export function serveScrypt(end: MessageEnd): void {
  end.addEventListener("message", ({ data }) => {
    const { id, password, salt, params } = data as Job;
    void wasmScrypt(password, salt, params)
      .then((key): JobResult => ({ id, key }))
      .catch((error: unknown): JobResult => ({ id, failure: String(error) }))
      .then((result) => {
        end.postMessage(result, []);
        return result;
      });
  });
}

/** scrypt that runs in the worker `openWorker` gives; opened at first use and kept. */
export function createWorkerScrypt(openWorker: () => MessageEnd): Scrypt {
  const waiting = new Map<number, (result: JobResult) => void>();
  let worker: MessageEnd | undefined;
  let lastId = 0;

  const open = (): MessageEnd => {
    const opened = openWorker();
    opened.addEventListener("message", ({ data }) => {
      const result = data as JobResult;
      waiting.get(result.id)?.(result);
      waiting.delete(result.id);
    });
    opened.addEventListener("error", () => {
      // The next job gets a new worker, whose program may load this time.
      worker = undefined;
      for (const [id, settle] of waiting) settle({ id, failure: "the worker failed" });
      waiting.clear();
    });
    return opened;
  };

  const run = async (job: Omit<Job, "id">): Promise<Uint8Array> => {
    worker ??= open();
    lastId += 1;
    const id = lastId;
    const { promise, resolve } = Promise.withResolvers<JobResult>();
    waiting.set(id, resolve);
    worker.postMessage({ id, ...job } satisfies Job, []);
    const result = await promise;
    if ("failure" in result) throw new Error(`key derivation failed: ${result.failure}`);
    return result.key;
  };

  return async (password, salt, params, onProgress) =>
    await withDerivationProgress(
      params,
      async (params) => await run({ password, salt, params }),
      onProgress,
    );
}
