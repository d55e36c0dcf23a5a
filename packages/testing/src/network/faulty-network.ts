import type { Schedule } from "../clock/schedule.ts";
import type { Random } from "../random/random.ts";

/** How badly a network behaves; probabilities from 0 to 1. */
export type NetworkFaults = {
  /** of each message, in either direction */
  readonly loss: number;
  /** of each request: it reaches the host twice, the second time later */
  readonly duplication: number;
  /** of each message: it takes ten times as long, so that others overtake it */
  readonly delay: number;
  readonly leastMs: number;
  readonly mostMs: number;
};

/** Nothing is lost, everything takes between 5 and 50 ms. */
export const calmNetwork: NetworkFaults = {
  loss: 0,
  duplication: 0,
  delay: 0,
  leastMs: 5,
  mostMs: 50,
};

/** Loss, duplicates and reordering in every other exchange. */
export const stormyNetwork: NetworkFaults = {
  loss: 0.12,
  duplication: 0.08,
  delay: 0.1,
  leastMs: 5,
  mostMs: 2000,
};

/** Hardly anything is lost, and everything comes twice, late and in any order. */
export const confusedNetwork: NetworkFaults = {
  loss: 0.02,
  duplication: 0.5,
  delay: 0.3,
  leastMs: 5,
  mostMs: 3000,
};

/** How long a client waits for an answer. */
const timeoutMs = 10_000;

/**
 * Requests and answers between devices and one host, each carried, lost, doubled or overtaken as the seed says. A
 * request whose answer does not come ends with null after 10 seconds; what comes later, or twice, comes nevertheless.
 */
export class FaultyNetwork<Request, Answer> {
  faults: NetworkFaults = calmNetwork;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #serve: (request: Request) => Answer;
  #underWay = 0;

  constructor(schedule: Schedule, random: Random, serve: (request: Request) => Answer) {
    this.#schedule = schedule;
    this.#random = random;
    this.#serve = serve;
  }

  /** Messages that have not arrived yet. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Sends a request; `onAnswer` is called with null when no answer came in time, and with every answer that comes. */
  send(request: Request, onAnswer: (answer: Answer | null) => void): void {
    const timeout = this.#schedule.after(timeoutMs, () => {
      onAnswer(null);
    });
    const deliver = (): void => {
      const answer = this.#serve(request);
      this.carry(() => {
        timeout.callOff();
        onAnswer(answer);
      });
    };
    this.carry(deliver);
    if (this.#random.chance(this.faults.duplication)) this.carry(deliver);
  }

  /** Carries one message one way, if the network is in the mood. */
  carry(arrive: () => void): void {
    const { loss, delay, leastMs, mostMs } = this.faults;
    if (this.#random.chance(loss)) return;
    const slowness = this.#random.chance(delay) ? 10 : 1;
    this.#underWay += 1;
    this.#schedule.after(this.#random.between(leastMs, mostMs) * slowness, () => {
      this.#underWay -= 1;
      arrive();
    });
  }
}
