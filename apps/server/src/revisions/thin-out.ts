import { createRetention } from "./retention.ts";
import type { BodyPlace, KeptBody, RevisionStore } from "./revision-store.ts";

/** Ciphertexts looked at before others get their turn: about a millisecond of reading. */
const PAGE = 200;
/** What the writer drops at once; other writes wait no longer than for this. */
const DROP = { bodies: 100, bytes: 8 * 1024 * 1024 };

/**
 * Applies the retention rule (P4-65) to every wallet, in slices that hold nobody up, and answers how many ciphertexts went. To
 * be called now and then.
 */
export async function thinOut(store: RevisionStore, nowMs: number): Promise<number> {
  const goes = createRetention(nowMs);
  let dropped = 0;
  let last: BodyPlace | undefined;
  for (;;) {
    const page = await store.bodiesAfter(last, PAGE);
    for (const slice of slicesOf(page.filter((body) => goes(body)))) {
      await store.dropBodies(slice);
      dropped += slice.length;
    }
    last = page.at(-1);
    if (last === undefined || page.length < PAGE) return dropped;
    await new Promise((proceed) => setImmediate(proceed));
  }
}

function slicesOf(bodies: readonly KeptBody[]): readonly (readonly KeptBody[])[] {
  const slices: KeptBody[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const slice = slices.at(-1);
    bytes += body.bytes;
    if (slice !== undefined && slice.length < DROP.bodies && bytes <= DROP.bytes) slice.push(body);
    else {
      slices.push([body]);
      ({ bytes } = body);
    }
  }
  return slices;
}
