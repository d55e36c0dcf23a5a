import { createOpaqueClient, type OpaqueClient } from "../opaque/opaque-client.ts";
import { loadOpaqueLibrary } from "../opaque/opaque-library.ts";

/** OPAQUE with its key stretching turned down to 8 KiB and one pass: the same messages in no time. It opens accounts of its own making only. */
export async function loadCheapOpaqueClient(): Promise<OpaqueClient> {
  const { client } = await loadOpaqueLibrary();
  const keyStretching = { "argon2id-custom": { memory: 8, iterations: 1, parallelism: 1 } };
  return createOpaqueClient({ client, keyStretching });
}
