/** Events waiting to be taken, one at a time, by one taker. */
export type EventQueue<Event> = {
  add(event: Event): void;
  /** The next event as soon as there is one; rejects never. */
  next(): Promise<Event>;
  /** Takes out all waiting events that match; gives the last of them. */
  takeAll<Kind extends Event>(matches: (event: Event) => event is Kind): Kind | undefined;
};

export function createEventQueue<Event>(): EventQueue<Event> {
  let waiting: Event[] = [];
  let wake: (() => void) | undefined;
  return {
    add(event) {
      waiting.push(event);
      wake?.();
    },
    async next() {
      for (;;) {
        const event = waiting.shift();
        if (event !== undefined) return event;
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => {
          resolve(undefined);
        };
        await promise;
      }
    },
    takeAll<Kind extends Event>(matches: (event: Event) => event is Kind) {
      const taken = waiting.filter(matches);
      waiting = waiting.filter((event) => !matches(event));
      return taken.at(-1);
    },
  };
}
