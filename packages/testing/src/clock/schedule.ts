/** Something that will happen, unless it is called off. */
export type Appointment = { readonly callOff: () => void };

type Entry = {
  readonly atMs: number;
  readonly order: number;
  happen: (() => void) | null;
};

/**
 * Time that moves only when told: things happen one by one in order of their time, and in order of their making where
 * the time is the same. A binary heap, because simulations keep thousands of appointments.
 */
export class Schedule {
  #nowMs = 0;
  #made = 0;
  #heap: Entry[] = [];

  /** Milliseconds since the beginning. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** How many things are still to happen. */
  get size(): number {
    return this.#heap.length;
  }

  /** Has something happen after so many milliseconds. */
  after(delayMs: number, happen: () => void): Appointment {
    const entry: Entry = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#made, happen };
    this.#made += 1;
    this.#push(entry);
    return {
      callOff: () => {
        entry.happen = null;
      },
    };
  }

  /** When the next thing happens; null: never. */
  nextAtMs(): number | null {
    this.#dropCalledOff();
    return this.#heap[0]?.atMs ?? null;
  }

  /** Moves to the next thing and has it happen; false: there is none. */
  step(): boolean {
    this.#dropCalledOff();
    const entry = this.#pop();
    if (entry === null) return false;
    this.#nowMs = entry.atMs;
    entry.happen?.();
    return true;
  }

  /** Has everything happen up to and including this time; the clock stands there afterwards. */
  runUntil(untilMs: number): void {
    for (let at = this.nextAtMs(); at !== null && at <= untilMs; at = this.nextAtMs()) this.step();
    this.#nowMs = Math.max(this.#nowMs, untilMs);
  }

  #dropCalledOff(): void {
    while (this.#heap[0]?.happen === null) this.#pop();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || !isBefore(entry, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = entry;
  }

  #pop(): Entry | null {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined) return null;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = heap[childAt];
      if (child === undefined) break;
      const other = heap[childAt + 1];
      if (other !== undefined && isBefore(other, child)) {
        childAt += 1;
        child = other;
      }
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Entry, other: Entry): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
