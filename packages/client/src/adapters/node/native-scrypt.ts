import { scrypt } from "node:crypto";
import type { Scrypt, ScryptParams } from "../../ports/scrypt.ts";
import { withDerivationProgress } from "../derivation-progress.ts";

/** Node's own scrypt, on a thread of its pool: timers and sockets go on meanwhile. Needs 128·N·r bytes. */
export const nativeScrypt: Scrypt = async (password, salt, params, onProgress) =>
  await withDerivationProgress(
    params,
    async (params) => await runScrypt(password, salt, params),
    onProgress,
  );

async function runScrypt(
  password: Uint8Array,
  salt: Uint8Array,
  { N, r, p, dkLen }: ScryptParams,
): Promise<Uint8Array> {
  // Node refuses what needs more than maxmem, 32 MiB by default; its own count is a little above 128·N·r.
  const maxmem = 128 * N * r + 128 * r * p + 1024 * 1024;
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  scrypt(password, salt, dkLen, { N, r, p, maxmem }, (error, key) => {
    if (error === null) resolve(new Uint8Array(key));
    else reject(error);
  });
  return await promise;
}
