/**
 * OPAQUE's key stretching (P4C-70): Argon2id with 64 MiB, 6 passes, 4 lanes. Fixed by the protocol version: a client never
 * takes parameters from a host.
 */
export const keyStretching = {
  "argon2id-custom": { memory: 64 * 1024, iterations: 6, parallelism: 4 },
} as const;

export interface KeyStretching {
  readonly "argon2id-custom": {
    /** KiB */
    readonly memory: number;
    readonly iterations: number;
    readonly parallelism: number;
  };
}
