/** What an app shows: immutable, and the same object until something changes. */
import type { JsonValue } from "@holdfast/wallet/json";
import type { Conflict, Content, WalletFormat } from "@holdfast/wallet/merge";
import type { Facts } from "./facts.ts";
import { sentenceFor, statusOf, type Status } from "./status.ts";

/** A question only a person can answer. */
export type ListedConflict = Pick<Conflict, "id" | "path" | "reason" | "tier"> & {
  /** what happened and what is shown until it is decided: a sentence without secrets */
  readonly description: string;
  /** In an order that is the same on every device; undefined: removed. **They may be keys or seeds.** */
  readonly values: Readonly<Record<"first" | "second", JsonValue | undefined>>;
};

/** What the host has, shown and not taken. */
export type Look<Document> =
  | {
      readonly type: "document";
      readonly document: Document;
      /** in what it differs from this device's, in sentences without secrets */
      readonly differences: readonly string[];
    }
  | { readonly type: "unreadable" }
  | { readonly type: "none" };

export type Snapshot<Document> = {
  readonly status: Status;
  /** the status in plain words */
  readonly sentence: string;
  /** null until the client is open */
  readonly document: Document | null;
  readonly conflicts: readonly ListedConflict[];
  /** whose wallet it is; empty: nobody's yet */
  readonly owner: string;
  readonly isUnlocked: boolean;
  /** everything is on this device's disk */
  readonly isSaved: boolean;
  /** something is not on the host yet */
  readonly hasUnpushedChanges: boolean;
  /** the newest revision known to be on the host; 0: none */
  readonly sequence: number;
  /** `follower`: another tab leads, and this one sees what it sees */
  readonly role: "none" | "leader" | "follower";
  readonly hasHistory: boolean;
  /** after `decide("look")` */
  readonly look: Look<Document> | null;
};

export type RawLook<Document> =
  | { readonly type: "content"; readonly content: Content<Document> }
  | { readonly type: "unreadable" }
  | { readonly type: "none" };

/** Everything a snapshot is made of. */
export type Sight<Document> = {
  readonly role: "leader" | "follower";
  readonly view: Content<Document>;
  readonly facts: Facts;
  readonly look: RawLook<Document> | null;
};

/** A snapshot of a client that is not open. */
export function emptySnapshot<Document>(
  status: Extract<Status, { type: "closed" | "opening" | "damaged" | "another-tab-leads" }>,
): Snapshot<Document> {
  return Object.freeze({
    status: Object.freeze(status),
    sentence: sentenceFor(status),
    document: null,
    conflicts: Object.freeze([]),
    owner: "",
    isUnlocked: false,
    isSaved: true,
    hasUnpushedChanges: false,
    sequence: 0,
    role: "none",
    hasHistory: false,
    look: null,
  });
}

/** Makes snapshots, and keeps what did not change. */
export function createSnapshots<Document>(
  format: WalletFormat<Document>,
): (sight: Sight<Document>) => Snapshot<Document> {
  let last: { readonly sight: Sight<Document>; readonly snapshot: Snapshot<Document> } | null =
    null;
  return (sight) => {
    const known = last;
    if (known !== null && isSame(known.sight, sight)) return known.snapshot;
    const { facts, role, view } = sight;
    const isSameView = known !== null && known.sight.view === view;
    const conflicts = isSameView ? known.snapshot.conflicts : conflictsOf(format, view);
    const isSameLook = isSameView && known.sight.look === sight.look;
    const status = Object.freeze(statusOf(facts, conflicts.length));
    const snapshot: Snapshot<Document> = Object.freeze({
      status,
      sentence: sentenceFor(status),
      document: view.document,
      conflicts,
      owner: facts.owner,
      isUnlocked: facts.access === "open",
      isSaved: facts.disk === "saved",
      hasUnpushedChanges: facts.isUnpushed,
      sequence: facts.sequence,
      role,
      hasHistory: facts.hasHistory,
      look: isSameLook ? known.snapshot.look : lookOf(format, view, sight.look),
    });
    last = { sight, snapshot };
    return snapshot;
  };
}

function isSame<Document>(one: Sight<Document>, other: Sight<Document>): boolean {
  return (
    one.view === other.view &&
    one.look === other.look &&
    one.role === other.role &&
    JSON.stringify(one.facts) === JSON.stringify(other.facts)
  );
}

function conflictsOf<Document>(
  format: WalletFormat<Document>,
  content: Content<Document>,
): readonly ListedConflict[] {
  return Object.freeze(
    content.conflicts.open.map((conflict) => {
      const { id, path, reason, tier, values } = conflict;
      return Object.freeze({
        id,
        path,
        reason,
        tier,
        description: format.describeConflict(content, conflict),
        values: Object.freeze({ first: values[0], second: values[1] }),
      });
    }),
  );
}

function lookOf<Document>(
  format: WalletFormat<Document>,
  view: Content<Document>,
  look: RawLook<Document> | null,
): Look<Document> | null {
  if (look?.type !== "content") return look;
  const { document } = look.content;
  const differences = format.describe(format.diff(view.document, document));
  return Object.freeze({ type: "document", document, differences: Object.freeze(differences) });
}
