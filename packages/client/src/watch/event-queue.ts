/**
 * Events waiting to be taken, one at a time, by one taker. Of each type only the newest waits, so that a host which sends
 * without end while the taker is busy fills no memory.
 */
export type EventQueue<Event> = {
  add(event: Event): void;
  /** The next event as soon as there is one; rejects never. */
  next(): Promise<Event>;
};

export function createEventQueue<Event extends { readonly type: string }>(): EventQueue<Event> {
  const waiting = new Map<string, Event>();
  let wake: (() => void) | undefined;
  return {
    add(event) {
      waiting.delete(event.type);
      waiting.set(event.type, event);
      wake?.();
    },
    async next() {
      for (;;) {
        const [event] = waiting.values();
        if (event !== undefined) {
          waiting.delete(event.type);
          return event;
        }
        const { promise, resolve } = Promise.withResolvers<undefined>();
        wake = () => {
          resolve(undefined);
        };
        await promise;
      }
    },
  };
}
