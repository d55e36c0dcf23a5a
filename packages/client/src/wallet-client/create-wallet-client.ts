/**
 * A wallet for an app: open it, show its snapshots, edit it. Saving, syncing, merging, other tabs and a host that is not
 * trusted are taken care of. `docs/spec/sync.md` has the rules.
 */
import type { Content } from "@holdfast/wallet/merge";
import type { SettledEdit } from "./open-leader.ts";
import { createSnapshots, emptySnapshot, type Snapshot } from "./snapshot.ts";
import { createSeats } from "./take-seat.ts";
import type {
  EditOutcome,
  HistoryOutcome,
  RestoreOutcome,
  WalletClient,
  WalletClientParts,
} from "./wallet-client.ts";

const defaultPage = 50;

export function createWalletClient<Document, Credentials>(
  parts: WalletClientParts<Document, Credentials>,
): WalletClient<Document, Credentials> {
  const { format, clock } = parts;
  const snapshotOf = createSnapshots(format);
  const listeners = new Set<(snapshot: Snapshot<Document>) => void>();
  let snapshot: Snapshot<Document> = emptySnapshot({ type: "closed" });

  function show(next: Snapshot<Document>): void {
    if (next === snapshot) return;
    snapshot = next;
    for (const listener of listeners) listener(next);
  }

  const seats = createSeats(parts, {
    onChange() {
      const sight = seats.sight();
      show(sight === null ? emptySnapshot({ type: "another-tab-leads" }) : snapshotOf(sight));
    },
    onLost(detail) {
      show(emptySnapshot({ type: "damaged", detail }));
    },
  });

  async function submit(
    from: Content<Document>,
    content: Content<Document>,
  ): Promise<Exclude<EditOutcome, { readonly type: "refused" }>> {
    if (format.equal(from, content)) return { type: "unchanged" };
    const { promise, resolve } = Promise.withResolvers<SettledEdit>();
    return seats.submit({ from, content, settle: resolve }) ? await promise : { type: "not-open" };
  }

  return {
    async open() {
      if (snapshot.document === null) show(emptySnapshot({ type: "opening" }));
      const outcome = await seats.open();
      if (outcome.type === "damaged" || outcome.type === "unusable")
        show(emptySnapshot({ type: "damaged", detail: outcome.detail }));
      else if (outcome.type !== "open") show(emptySnapshot({ type: "closed" }));
      return outcome;
    },

    async unlock(credentials, options = {}) {
      return await seats.unlock(credentials, options);
    },

    async lock() {
      await seats.run({ type: "lock" });
    },

    async edit(change) {
      const view = seats.sight()?.view;
      if (view === undefined) return { type: "not-open" };
      const document = change(view.document);
      let content: Content<Document>;
      try {
        content = format.edit(view, document, clock.nowMs() / 1000);
        format.serialize(content);
      } catch (error) {
        return { type: "refused", detail: error instanceof Error ? error.message : String(error) };
      }
      return await submit(view, content);
    },

    subscribe(listener) {
      // A function of its own, so that the same listener may subscribe twice.
      const own = (next: Snapshot<Document>): void => {
        listener(next);
      };
      listeners.add(own);
      return () => {
        listeners.delete(own);
      };
    },

    snapshot: () => snapshot,

    async sync() {
      await seats.run({ type: "sync" });
      return snapshot.status;
    },

    async resolve(conflictId, choice) {
      const view = seats.sight()?.view;
      if (view === undefined) return { type: "not-open" };
      const answered = format.resolveConflict(view, conflictId, choice, clock.nowMs() / 1000);
      return answered.type === "resolved" ? await submit(view, answered.content) : answered;
    },

    async decide(decision) {
      await seats.run({ type: "decide", decision });
      return snapshot.status;
    },

    async chooseFirstSync(choice) {
      await seats.run({ type: "choose-first-sync", choice });
      return snapshot.status;
    },

    async history({ before = Number.MAX_SAFE_INTEGER, limit = defaultPage } = {}) {
      // Of all a command can come to, these two know which are theirs.
      return (await seats.run({ type: "history", before, limit })) as HistoryOutcome;
    },

    async restore(sequence) {
      return (await seats.run({ type: "restore", sequence })) as RestoreOutcome;
    },

    async close() {
      const isSaved = await seats.close();
      show(emptySnapshot({ type: "closed" }));
      return isSaved;
    },
  };
}
