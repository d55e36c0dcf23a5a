/**
 * Which accounts were used with protocol 4 here, by name (P4K-5): one memory for all profiles and apps of a person on a machine,
 * which forgets nothing. Both calls reject with `storage-failed` where the platform fails.
 */
export type ProtocolMemory = {
  has(name: string): Promise<boolean>;
  /** Durable when it resolves; adding twice is adding once. */
  add(name: string): Promise<void>;
};
