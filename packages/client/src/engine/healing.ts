/**
 * What a host lacks that came back from a backup, as far as this device keeps it (P4K-59): the end of a chain, to be sent as it
 * was. Nothing is ever put in the place of what the host has.
 */
import type { RevisionRef } from "./revision.ts";

/** The newest headers that a device keeps of a wallet, oldest first; `first`: sequence of the first of them. */
export type KeptHeaders<Header> = { readonly first: number; readonly headers: readonly Header[] };

/** How headers name themselves and the one before; empty: there is none. */
export type HeaderNames<Header> = {
  readonly hashOf: (header: Header) => string;
  readonly parentOf: (header: Header) => string;
};

/** Further back than any sensible backup. */
const maxKept = 4096;

/** With `headers` at the end, the first of which has this sequence; what they do not follow is dropped. */
export function extendKept<Header>(
  kept: KeptHeaders<Header>,
  { hashOf, parentOf }: HeaderNames<Header>,
  first: number,
  headers: readonly Header[],
): KeptHeaders<Header> {
  const before = kept.headers[first - kept.first - 1];
  const next = headers[0];
  // By its name: a person may have had another line taken than the one that is kept.
  const connects = before !== undefined && next !== undefined && parentOf(next) === hashOf(before);
  const all = connects ? [...kept.headers.slice(0, first - kept.first), ...headers] : headers;
  const begin = connects ? kept.first : first;
  const dropped = Math.max(0, all.length - maxKept);
  return { first: begin + dropped, headers: all.slice(dropped) };
}

export type Lack<Header> =
  | { readonly type: "nothing" }
  /** it has a history of its own beyond the common part */
  | { readonly type: "forked" }
  /** this device does not have all of it; another one may */
  | { readonly type: "not-here" }
  /** all headers from the host's own head on, oldest first, never empty */
  | { readonly type: "lacks"; readonly headers: readonly Header[] };

/**
 * What a host whose newest revision is `theirs` lacks up to `ours`; sequence 0: none. `most`: so many headers can be sent.
 */
export function lackOfHeaders<Header>(
  { first, headers }: KeptHeaders<Header>,
  { parentOf }: Pick<HeaderNames<Header>, "parentOf">,
  ours: RevisionRef,
  theirs: RevisionRef,
  most: number,
): Lack<Header> {
  if (theirs.sequence > ours.sequence) return { type: "nothing" };
  if (theirs.sequence === ours.sequence)
    return { type: theirs.hash === ours.hash ? "nothing" : "forked" };
  const last = first + headers.length - 1;
  const isHere = last === ours.sequence && first <= theirs.sequence + 1;
  const lacking = headers.slice(theirs.sequence + 1 - first);
  const [next] = lacking;
  if (!isHere || next === undefined || lacking.length > most) return { type: "not-here" };
  return parentOf(next) === theirs.hash ? { type: "lacks", headers: lacking } : { type: "forked" };
}

/** The same of security states, which a device knows from the first on; both by their hashes, oldest first. */
export function lackOfStates(
  ours: readonly string[],
  theirs: readonly string[],
): "nothing" | "forked" | "lacks" {
  const common = ours.findIndex((hash, at) => hash !== theirs[at]);
  if (common === -1) return "nothing";
  return common < theirs.length ? "forked" : "lacks";
}
