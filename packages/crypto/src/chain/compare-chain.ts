/**
 * How a received chain (of states, or of a wallet's headers) lies to the point that is remembered of it (P4C-34, P4C-56).
 * Only positions and hashes are looked at; signatures come after.
 */
import type { Hash } from "../identifiers.ts";

export interface ChainLink {
  /** From 1, no gaps. */
  readonly position: number;
  readonly hash: Hash;
  /** The hash of the link before; absent for position 1. */
  readonly parent?: Hash | undefined;
}

export interface ChainPoint {
  readonly position: number;
  readonly hash: Hash;
}

export type ChainBreak =
  /** The other side's newest is older than what is remembered. */
  | { readonly type: "rollback"; readonly remembered: number; readonly received: number }
  /** At this position the other side has another history. */
  | { readonly type: "fork"; readonly position: number }
  /** What should connect to this position is not there. */
  | { readonly type: "missing-link"; readonly position: number };

export type ChainComparison<Link> =
  | ChainBreak
  /** `fresh` follows the remembered point directly; empty when there is nothing new. */
  | { readonly type: "connected"; readonly fresh: readonly Link[] };

/** Compares `received`, oldest first, with what is remembered; without memory, the chain may begin anywhere. */
export function compareChain<Link extends ChainLink>(
  remembered: ChainPoint | undefined,
  received: readonly Link[],
): ChainComparison<Link> {
  const first = received[0];
  const newest = received.at(-1);
  if (first === undefined || newest === undefined) {
    if (remembered === undefined) return { type: "connected", fresh: [] };
    return { type: "rollback", remembered: remembered.position, received: 0 };
  }
  const gap = received.findIndex((link, at) => {
    const before = received[at - 1];
    return before !== undefined && !follows(link, before);
  });
  if (gap > 0) return { type: "missing-link", position: received[gap]?.position ?? 0 };
  if (remembered === undefined) return { type: "connected", fresh: received };

  const { position } = remembered;
  if (newest.position < position) {
    return { type: "rollback", remembered: position, received: newest.position };
  }
  if (first.position > position + 1) return { type: "missing-link", position: position + 1 };
  const same = received.find((link) => link.position === position);
  if (same !== undefined && same.hash !== remembered.hash) return { type: "fork", position };
  const fresh = received.filter((link) => link.position > position);
  const next = fresh[0];
  if (next !== undefined && !follows(next, remembered)) {
    return { type: "fork", position: next.position };
  }
  return { type: "connected", fresh };
}

function follows(link: ChainLink, before: ChainPoint): boolean {
  return link.position === before.position + 1 && link.parent === before.hash;
}
