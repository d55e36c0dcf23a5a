/**
 * Work of seconds on the thread that answers everybody: done in slices, between which all others get their turn, and by one
 * caller at a time, so that many of them do not add up.
 */
import { createBoundedWork } from "../accounts/bounded-work.ts";
import { ServerError } from "../server-error.ts";

/** Some ten milliseconds of signatures. */
const SLICE = 8;

/** One thread, one queue. */
const oneAtATime = createBoundedWork({ maxConcurrent: 1, maxQueued: 32 });

/** The first item that is not right. Throws ServerError `store-busy` when too many wait for their turn. */
export async function findWrong<Item>(
  items: readonly Item[],
  isRight: (item: Item) => boolean,
): Promise<Item | undefined> {
  const outcome = await oneAtATime.run(async () => {
    for (let at = 0; at < items.length; at += SLICE) {
      const wrong = items.slice(at, at + SLICE).find((item) => !isRight(item));
      if (wrong !== undefined) return wrong;
      await new Promise((proceed) => setImmediate(proceed));
    }
    return undefined;
  });
  if (outcome.type === "done") return outcome.value;
  throw new ServerError("store-busy", "too many lists of headers wait to be checked");
}
