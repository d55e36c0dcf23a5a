/**
 * Every edit that any person made, so that none can be lost unnoticed. Edits are numbered; content carries the numbers
 * of all it descends from (`Tracked.seen`).
 */
import { BitSet } from "./bit-set.ts";
import type { Change, SimulatedWallet } from "./simulated-wallet.ts";
import type { Era, Tracked } from "./tracked.ts";

export type LedgerEntry = {
  readonly id: number;
  readonly device: string;
  readonly path: string;
  readonly value: string | null;
  /** what stood there */
  readonly removed: string | null;
  /** what its maker had seen */
  readonly seen: BitSet;
  /** it was shown as saved */
  isSaved: boolean;
  /** a person did without it, knowing; or it changed nothing */
  isWaived: boolean;
};

export class Ledger<Content> {
  readonly #wallet: SimulatedWallet<Content>;
  readonly era: Era = { number: 0, baseline: BitSet.empty };
  #entries: LedgerEntry[] = [];
  #areRemovalsForgiven = false;

  constructor(wallet: SimulatedWallet<Content>) {
    this.#wallet = wallet;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Enters an edit made by somebody who had seen this much; answers its number. */
  enter(device: string, change: Change, seen: BitSet): number {
    const { path, value, removed = null, isAffirmed: isWaived = false } = change;
    const id = this.#entries.length;
    this.#entries.push({ id, device, path, value, removed, seen, isSaved: false, isWaived });
    return id;
  }

  /** The edit is shown as saved: from now on it may not be lost. */
  markSaved(id: number): void {
    const entry = this.#entries[id];
    if (entry !== undefined) entry.isSaved = true;
  }

  /** A person decided, knowing all of this: what they did away with, or what came back, is no loss. */
  waive(isWaived: (entry: LedgerEntry) => boolean): void {
    for (const entry of this.#entries) if (isWaived(entry)) entry.isWaived = true;
  }

  /** From now on to the end of the era, removals may come back. */
  forgiveRemovals(): void {
    this.#areRemovalsForgiven = true;
  }

  /** The edits that should be in the final content and are not, in words; empty: nothing was lost. */
  losses(final: Tracked<Content>, isAlive: (device: string) => boolean): string[] {
    const listed = new Map<string, Set<string | null>>();
    for (const { path, value } of this.#wallet.listed(final.content)) {
      const values = listed.get(path) ?? new Set();
      listed.set(path, values.add(value));
    }
    const byPath = Map.groupBy(
      this.#entries.filter((entry) => final.seen.has(entry.id)),
      (entry) => entry.path,
    );
    const lost: string[] = [];
    for (const entry of this.#entries) {
      const isIn = final.seen.has(entry.id);
      const isRequired = entry.isSaved && isAlive(entry.device);
      if ((!isIn && !isRequired) || entry.isWaived) continue;
      if (entry.value === null && this.#areRemovalsForgiven) continue;
      const visible = this.#wallet.valueAt(final.content, entry.path);
      const isVisible = visible === entry.value;
      const isListed = listed.get(entry.path)?.has(entry.value) === true;
      const path = byPath.get(entry.path) ?? [];
      const isOverwritten = path.some(
        (same) =>
          // Whoever did the same at the same time speaks for it: the two became one.
          same.value === entry.value &&
          (!entry.seen.has(same.id) || !this.#wallet.marksEdits) &&
          (same.isWaived ||
            path.some(
              (later) =>
                later.id !== same.id && later.seen.has(same.id) && !entry.seen.has(later.id),
            )),
      );
      const isUndone = !this.#wallet.marksEdits && isUndoing(entry, visible, path);
      if (isIn && (isVisible || isListed || isOverwritten || isUndone)) continue;
      lost.push(
        `edit ${String(entry.id)} of ${entry.device}, ${entry.path} = ${entry.value ?? "nothing"}, ${
          isIn
            ? "is neither visible nor listed nor overwritten by anybody who saw it"
            : "never arrived"
        } (visible: ${visible ?? "nothing"}; its history: ${this.#historyOf(entry.path)})`,
      );
    }
    return lost;
  }

  #historyOf(path: string): string {
    const entries = this.#entries.filter((entry) => entry.path === path);
    return entries
      .slice(-12)
      .map(({ id, device, value, seen }) => {
        const known = entries.filter((other) => seen.has(other.id)).map((other) => other.id);
        return `${String(id)} ${device} ${value ?? "nothing"} after [${known.slice(-6).join(" ")}]`;
      })
      .join(", ");
  }

  /** Settles everything so far; what is in the final content now counts as given, and may not be lost either. */
  beginEra(final: Content): void {
    this.#entries = [];
    this.#areRemovalsForgiven = false;
    this.era.number += 1;
    this.era.baseline = BitSet.empty;
    const given = [
      ...this.#wallet
        .pathsOf(final)
        .map((path) => ({ path, value: this.#wallet.valueAt(final, path) })),
      ...this.#wallet.listed(final),
    ];
    for (const { path, value } of given) {
      const id = this.enter("baseline", { path, value }, BitSet.empty);
      this.markSaved(id);
      this.era.baseline = this.era.baseline.with(id);
    }
  }
}

/**
 * Whether a removal did all it can where values carry no marks: what it removed is gone, and it never left the device,
 * or what stands there now was written by somebody who never had it.
 */
function isUndoing(
  { device, value, removed }: LedgerEntry,
  visible: string | null,
  path: readonly LedgerEntry[],
): boolean {
  if (value !== null || removed === null || visible === removed) return false;
  const writers = path.filter((entry) => entry.value === removed);
  if (writers.some((entry) => entry.device === device)) return true;
  return !path.some(
    (entry) => entry.value === visible && writers.some((writer) => entry.seen.has(writer.id)),
  );
}
