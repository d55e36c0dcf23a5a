/**
 * What was begun and is to be finished soon: registrations, logins, nonces, tickets. In this process's memory, under random
 * names that cannot be guessed.
 *
 * Invariants: nothing outlives its time; what is taken is gone; the memory is bounded, and when it is full the oldest goes. Where
 * values have an owner, nobody pushes out what others began: an owner's own oldest goes first.
 */
import { encodeBase64url, type RandomBytes } from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import { LRUCache } from "lru-cache";

export interface ShortLived<Value extends object> {
  /** Keeps a value under a new name, base64url. */
  add(value: Value): { readonly handle: string; readonly expiresAtMs: number };
  /** Keeps a value under a name that is free; undefined when it is not. */
  addAs(handle: string, value: Value): { readonly expiresAtMs: number } | undefined;
  find(handle: string): Value | undefined;
  /** Finds and forgets. */
  take(handle: string): Value | undefined;
}

export interface ShortLivedOptions<Value> {
  readonly lifetimeMs: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
  /** Of the names. Default 16. */
  readonly handleBytes?: number;
  /** About how many bytes may be kept in all. Default 16 MiB. */
  readonly maxBytes?: number;
  /** About how many bytes a value takes. Default 1024. */
  readonly sizeOf?: (value: Value) => number;
  /** Whose a value is, where each owner may have `limits4.begunPerOwner` at once. */
  readonly ownerOf?: (value: Value) => string;
}

export function createShortLived<Value extends object>(
  options: ShortLivedOptions<Value>,
): ShortLived<Value> {
  const { lifetimeMs, clock, randomBytes, handleBytes = 16, sizeOf = () => 1024 } = options;
  const { ownerOf } = options;
  /** By owner, oldest first. */
  const handlesOf = new Map<string, Set<string>>();
  interface Entry {
    readonly value: Value;
    readonly expiresAtMs: number;
  }
  const entries = new LRUCache<string, Entry>({
    maxSize: options.maxBytes ?? 16 * 1024 * 1024,
    sizeCalculation: ({ value }) => Math.max(1, sizeOf(value)),
    dispose: ({ value }, handle) => forget(value, handle),
  });

  function forget(value: Value, handle: string): void {
    const owner = ownerOf?.(value);
    if (owner === undefined) return;
    const handles = handlesOf.get(owner);
    handles?.delete(handle);
    if (handles?.size === 0) handlesOf.delete(owner);
  }

  function own(value: Value, handle: string): void {
    const owner = ownerOf?.(value);
    if (owner === undefined) return;
    const handles = handlesOf.get(owner) ?? new Set();
    const [oldest] = handles;
    if (oldest !== undefined && handles.size >= limits4.begunPerOwner) entries.delete(oldest);
    // Deleting the last one of an owner forgets the set.
    handlesOf.set(owner, handles.add(handle));
  }

  function find(handle: string): Value | undefined {
    // Looking does not make an entry younger.
    const entry = entries.peek(handle);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs > clock()) return entry.value;
    entries.delete(handle);
    return undefined;
  }

  function keep(handle: string, value: Value) {
    const expiresAtMs = clock() + lifetimeMs;
    entries.set(handle, { value, expiresAtMs });
    own(value, handle);
    return { handle, expiresAtMs };
  }

  return {
    add: (value) => keep(encodeBase64url(randomBytes(handleBytes)), value),
    addAs: (handle, value) => (find(handle) === undefined ? keep(handle, value) : undefined),
    find,
    take(handle) {
      const value = find(handle);
      entries.delete(handle);
      return value;
    },
  };
}
