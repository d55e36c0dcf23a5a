/**
 * Content as the engine sees it: opaque. It is what syncs, `{document, conflicts, retired}`; only a format can look
 * inside. Every function is pure and deterministic and never throws, whatever was parsed into a `Content`.
 */
export type ContentFormat<Content> = {
  /** Content of a wallet that holds nothing: the merge base of a first sync. */
  readonly empty: Content;
  /** Whether both mean the same, conflicts and retired keys included. */
  readonly equal: (one: Content, other: Content) => boolean;
  /** Three-way merge; what no rule can decide becomes a listed conflict. The visible pick does not depend on the side. */
  readonly merge: (base: Content, ours: Content, theirs: Content) => Content;
  /** Of two candidate results one is right and nobody knows which: whatever differs becomes a listed conflict (SYNC-6). */
  readonly reconcile: (one: Content, other: Content) => Content;
  /** `after`, with all key material that only `before` has moved to its retired keys (SYNC-21). */
  readonly grow: (before: Content, after: Content) => Content;
  /** How many conflicts wait for an answer. */
  readonly conflictCount: (content: Content) => number;
};
