/**
 * Decides what is shown where both sides changed the same thing, and remembers it as a conflict (MERGE-20 to MERGE-24).
 * Nothing here depends on which side is called ours.
 */
import { canonicalText, shortHash } from "./canonical-text.ts";
import { type Place, pathOf } from "./place.ts";
import { isArray, isObject, type Slot } from "./value-comparison.ts";
import type { Conflict, ConflictReason } from "./wallet-format.ts";

export type Side = "ours" | "theirs";

export interface Slots {
  readonly base: Slot;
  readonly ours: Slot;
  readonly theirs: Slot;
}

export interface Dispute {
  readonly place: Place | undefined;
  readonly slots: Slots;
  readonly reason: ConflictReason;
  /** The side to show, if a rule says so; else the one that is there, is newer, or is the larger text. */
  readonly preferred?: Side | undefined;
  readonly newer?: Side | undefined;
  /** Whether the schema knows what these values mean. */
  readonly isDeclared?: boolean;
}

/** Ids of answered conflicts as the three contents know them. */
export interface ClosedConflicts {
  readonly base: ReadonlySet<string>;
  readonly ours: ReadonlySet<string>;
  readonly theirs: ReadonlySet<string>;
}

export class ConflictReferee {
  readonly found: Conflict[] = [];
  readonly #closed: ClosedConflicts;

  constructor(closed: ClosedConflicts) {
    this.#closed = closed;
  }

  /** The value to show for now. */
  decide(dispute: Dispute): Slot {
    const { base, ours, theirs } = dispute.slots;
    const path = pathOf(dispute.place);
    const ourText = canonicalText(ours);
    const isOursFirst = ourText < canonicalText(theirs);
    const id = this.#identify(path, isOursFirst ? [ours, theirs] : [theirs, ours]);
    const isClosedByUs = this.#closed.ours.has(id);
    if (isClosedByUs !== this.#closed.theirs.has(id)) return isClosedByUs ? ours : theirs;
    if (!isClosedByUs) {
      const { reason, isDeclared = false } = dispute;
      const isComposite = [ours, theirs].every((slot) => isArray(slot) || isObject(slot));
      this.found.push({
        id,
        path,
        reason,
        tier: isComposite && !isDeclared ? "advanced" : "confirmation",
        values: isOursFirst ? [ours, theirs] : [theirs, ours],
        base,
      });
    }
    return pickSide(dispute, isOursFirst) === "ours" ? ours : theirs;
  }

  /** An answer known to the base is old news: the same values again are a new question. */
  #identify(path: readonly string[], values: readonly [Slot, Slot]): string {
    for (let occurrence = 0n; ; occurrence += 1n) {
      const id = shortHash([
        path,
        ...values.map((slot) => (slot === undefined ? [] : [slot])),
        occurrence,
      ]);
      if (!this.#closed.base.has(id)) return id;
    }
  }
}

/** The side to show; `isOursFirst` says that ours has the smaller canonical text. */
function pickSide({ slots, preferred, newer }: Dispute, isOursFirst: boolean): Side {
  if (preferred !== undefined) return preferred;
  if (slots.ours === undefined) return "theirs";
  if (slots.theirs === undefined) return "ours";
  return newer ?? (isOursFirst ? "theirs" : "ours");
}
