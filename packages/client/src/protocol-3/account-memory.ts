/** What protocol 3 remembers on a device between unlocks, for a wallet client: no key, no password, no token. */
import { z } from "zod";
import { readVersionedJson, type Damaged } from "../versioned-json.ts";

const version = 1;
const saltSeed = z.string().regex(/^[0-9A-Fa-f]{64}$/);

const schema = z.strictObject({
  version: z.literal(version),
  server: z.string(),
  deviceId: z.string().min(1),
  /** null: nobody has unlocked here yet */
  account: z
    .strictObject({
      /** as it is spelt for the keys */
      email: z.string(),
      saltSeed,
      /** tells the right password from a wrong one without a host; guessing against it costs as much as against a wallet */
      verifier: z.string(),
    })
    .nullable(),
  /** a sign-up that was sent and whose answer was not seen: made again with the same keys, it is recognised (P3C-19) */
  signUp: z.strictObject({ email: z.string(), saltSeed }).nullable(),
});

export type Memory3 = Readonly<z.output<typeof schema>>;

export type ReadMemoryOutcome = { readonly type: "memory"; readonly memory: Memory3 } | Damaged;

/** Reads what `formatMemory` wrote; never quotes it. */
export function parseMemory(text: string): ReadMemoryOutcome {
  const read = readVersionedJson(text, { version, schema, what: "no account of protocol 3" });
  return read.type === "read" ? { type: "memory", memory: read.value } : read;
}

export function newMemory(server: string, deviceId: string): Memory3 {
  return { version, server, deviceId, account: null, signUp: null };
}

export function formatMemory(memory: Memory3): string {
  return JSON.stringify(memory);
}
