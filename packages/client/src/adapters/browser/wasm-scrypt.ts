import { scrypt } from "hash-wasm";
import type { Scrypt } from "../../ports/scrypt.ts";
import { withDerivationProgress } from "../derivation-progress.ts";

/** scrypt in WebAssembly on the calling thread, which it blocks: in a page use `createWorkerScrypt`. */
export const wasmScrypt: Scrypt = async (password, salt, params, onProgress) =>
  await withDerivationProgress(
    params,
    async ({ N, r, p, dkLen }) =>
      await scrypt({
        password,
        salt,
        costFactor: N,
        blockSize: r,
        parallelism: p,
        hashLength: dkLen,
        outputType: "binary",
      }),
    onProgress,
  );
