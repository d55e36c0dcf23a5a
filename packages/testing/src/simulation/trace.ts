import type { SyncEvent, SyncState } from "@holdfast/client/engine";

type Moment = {
  readonly atMs: number;
  readonly device: string;
  readonly event: SyncEvent<unknown>;
  readonly after: SyncState<unknown>;
};

const maxMoments = 400;

/** The last few hundred steps, put into words only when somebody wants to read them. */
export class Trace {
  #moments: (Moment | string)[] = [];
  #at = 0;

  add(atMs: number, device: string, event: SyncEvent<unknown>, after: SyncState<unknown>): void {
    this.#keep({ atMs, device, event, after });
  }

  note(text: string): void {
    this.#keep(text);
  }

  lines(): string[] {
    const ordered = [...this.#moments.slice(this.#at), ...this.#moments.slice(0, this.#at)];
    return ordered.map((moment) => (typeof moment === "string" ? moment : describe(moment)));
  }

  #keep(moment: Moment | string): void {
    if (this.#moments.length < maxMoments) {
      this.#moments.push(moment);
      return;
    }
    this.#moments[this.#at] = moment;
    this.#at = (this.#at + 1) % maxMoments;
  }
}

function describe({ atMs, device, event, after }: Moment): string {
  const { record, activity } = after;
  const outcome = "outcome" in event ? ` ${event.outcome.type}` : "";
  const timer = event.type === "timer-rang" ? ` ${event.timer}` : "";
  const flight = record.inFlight === null ? "" : ` in flight ${name(record.inFlight.revision)}`;
  const problem = record.problem === null ? "" : ` PROBLEM ${record.problem.name}`;
  const differs = after.differs ? " differs" : "";
  const climb = record.climbTo > 0 ? ` climbs to ${String(record.climbTo)}` : "";
  return `${String(atMs).padStart(9)} ${device} ${event.type}${outcome}${timer} → ${activity.type}, synced ${name(
    record.synced,
  )}${flight}${differs}${climb}${problem}`;
}

function name({ sequence, hash }: { sequence: number; hash: string }): string {
  return `${String(sequence)}:${hash.slice(0, 4)}`;
}
