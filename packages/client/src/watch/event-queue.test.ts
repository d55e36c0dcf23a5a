import { expect, it } from "vitest";
import { createEventQueue } from "./event-queue.ts";

type Event = { readonly type: string; readonly number: number };

it("[P3C-40] several notices at once are one, however many a host sends", async () => {
  const queue = createEventQueue<Event>();
  queue.add({ type: "open", number: 0 });
  for (let number = 1; number <= 1000; number += 1) queue.add({ type: "notice", number });
  queue.add({ type: "closed", number: 0 });
  expect(await queue.next()).toEqual({ type: "open", number: 0 });
  expect(await queue.next()).toEqual({ type: "notice", number: 1000 });
  expect(await queue.next()).toEqual({ type: "closed", number: 0 });
  const next = queue.next();
  queue.add({ type: "poll", number: 0 });
  expect(await next).toEqual({ type: "poll", number: 0 });
});
