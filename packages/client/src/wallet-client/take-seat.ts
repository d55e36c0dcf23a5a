/**
 * Who leads among the tabs of a device, from one tab's point of view: it takes the lead if nobody has it, else it
 * follows, and leads when its turn comes. What its person does goes to whichever seat it has, and what a seat did not
 * settle goes along to the next one.
 */
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Content } from "@holdfast/wallet/merge";
import type { Channel, HeldStore } from "../ports/wallet-store.ts";
import type { Command, CommandOutcome } from "./command.ts";
import { openFollower, type Follower } from "./open-follower.ts";
import { openLeader, type Leader, type PendingEdit } from "./open-leader.ts";
import { serveFollowers, type FollowerService } from "./serve-followers.ts";
import type { Sight } from "./snapshot.ts";
import type {
  OpenClientOutcome,
  UnlockOptions,
  UnlockOutcome,
  WalletClientParts,
} from "./wallet-client.ts";

export type Seats<Document, Credentials> = {
  open(): Promise<OpenClientOutcome>;
  /** null: nothing to show yet, or any more */
  sight(): Sight<Document> | null;
  /** false: there is no seat to take it */
  submit(edit: PendingEdit<Content<Document>>): boolean;
  run(command: Command): Promise<CommandOutcome>;
  unlock(credentials: Credentials, options: UnlockOptions): Promise<UnlockOutcome>;
  /** false: something seen here did not reach the disk */
  close(): Promise<boolean>;
};

type SeatEvents = {
  readonly onChange: () => void;
  /** the memory turned out to be unreadable when this tab's turn came */
  readonly onLost: (detail: string) => void;
};

/** One stay between `open` and `close`. */
type Stay = { readonly ended: AbortController; readonly channel: Channel | null };

export function createSeats<Document, Credentials>(
  parts: WalletClientParts<Document, Credentials>,
  { onChange, onLost }: SeatEvents,
): Seats<Document, Credentials> {
  type Held = Content<Document>;
  const { format, store } = parts;
  const name = bytesToHex(parts.randomBytes(16));
  let seat: Leader<Document, Credentials> | Follower<Document> | null = null;
  let service: FollowerService | null = null;
  let stay: Stay | null = null;
  let opening: Promise<OpenClientOutcome> | null = null;
  /** whoever waits in `open` for something to show */
  let tellOpened: ((outcome: OpenClientOutcome) => void) | null = null;

  function changed(): void {
    service?.show();
    if (seat !== null && seat.sight() !== null) tellOpened?.({ type: "open", role: seat.role });
    onChange();
  }

  function receive(data: unknown): void {
    service?.receive(data);
    if (seat?.role === "follower") seat.receive(data);
  }

  async function lead(mine: Stay, held: HeldStore, before: Follower<Document> | null) {
    const opened = await openLeader(parts, held, {
      onChange: changed,
      onLeadLost() {
        void stepDown(mine, true);
      },
    });
    if (opened.type !== "leader") return opened;
    const { leader } = opened;
    if (mine.ended.signal.aborted) {
      await leader.stop();
      return { type: "closed" } as const;
    }
    seat = leader;
    const unsettled = before?.stop();
    for (const edit of unsettled?.edits ?? []) leader.submit(edit);
    for (const { command, settle } of unsettled?.commands ?? [])
      void leader.run(command).then(settle);
    if (mine.channel !== null) {
      const { channel } = mine;
      const letGo = async (): Promise<boolean> => await stepDown(mine, false);
      service = serveFollowers({ name, format, leader, channel, stepDown: letGo });
    }
    changed();
    return { type: "open", role: "leader" } as const;
  }

  function follow(mine: Stay, channel: Channel, seen: Sight<Document> | null): Follower<Document> {
    const follower = openFollower({ name, format, channel, seen, onChange: changed });
    seat = follower;
    changed();
    return follower;
  }

  /** Leads when those before are gone, however long that takes. */
  async function takeTurn(mine: Stay, follower: Follower<Document>): Promise<void> {
    if (store.peers === null) return;
    const turn = await store.peers.waitToLead(mine.ended.signal);
    if (turn.type === "led-by-another") return;
    const outcome = turn.type === "leading" ? await lead(mine, turn.store, follower) : turn;
    if (outcome.type === "open" || outcome.type === "closed") return;
    seat = null;
    for (const edit of follower.stop().edits)
      edit.settle({ type: "not-saved", reason: "disk-failed" });
    tellOpened?.({ ...outcome, location: store.location });
    onLost(outcome.detail);
  }

  /** Leader no more. false: there are edits that the disk does not take, which would be lost. */
  async function stepDown(mine: Stay, isForced: boolean): Promise<boolean> {
    const leader = seat;
    if (leader?.role !== "leader" || mine.channel === null) return false;
    if (!isForced && !(await leader.settle())) return false;
    if (seat !== leader) return true;
    service?.stop();
    service = null;
    const follower = follow(mine, mine.channel, { ...leader.sight(), role: "follower" });
    const unsaved = await leader.stop();
    if (unsaved !== null) follower.submit(unsaved);
    void takeTurn(mine, follower);
    return true;
  }

  async function open(): Promise<OpenClientOutcome> {
    if (seat !== null && seat.sight() !== null) return { type: "open", role: seat.role };
    opening ??= enter().finally(() => {
      opening = null;
    });
    return await opening;
  }

  async function enter(): Promise<OpenClientOutcome> {
    const { location, peers } = store;
    const mine: Stay = {
      ended: new AbortController(),
      channel: peers?.openChannel(receive) ?? null,
    };
    stay = mine;
    const first = await store.lead();
    if (first.type === "leading") {
      const led = await lead(mine, first.store, null);
      if (led.type === "damaged") leave(mine);
      return led.type === "damaged" ? { ...led, location } : led;
    }
    if (first.type === "unusable") {
      leave(mine);
      return { ...first, location };
    }
    if (mine.channel === null) {
      leave(mine);
      return { type: "in-use", location };
    }
    const opened = Promise.withResolvers<OpenClientOutcome>();
    tellOpened = opened.resolve;
    mine.ended.signal.addEventListener("abort", () => {
      opened.resolve({ type: "closed" });
    });
    void takeTurn(mine, follow(mine, mine.channel, null));
    const outcome = await opened.promise;
    tellOpened = null;
    if (outcome.type !== "open") leave(mine);
    return outcome;
  }

  function leave(mine: Stay): void {
    mine.ended.abort();
    mine.channel?.close();
    if (stay === mine) stay = null;
  }

  return {
    open,
    sight: () => seat?.sight() ?? null,

    submit(edit: PendingEdit<Held>) {
      seat?.submit(edit);
      return seat !== null;
    },

    async run(command) {
      return (await seat?.run(command)) ?? { type: "not-open" };
    },

    async unlock(credentials, options) {
      for (;;) {
        const taken = seat;
        if (taken === null) return { type: "not-open" };
        if (taken.role === "leader") return await taken.unlock(credentials, options);
        if (taken.sight()?.facts.access === "open") return { type: "already-unlocked" };
        if (!(await taken.askForLead())) return { type: "other-tab-unsaved" };
      }
    },

    async close() {
      const mine = stay;
      const taken = seat;
      if (mine === null) return true;
      const isSaved = taken === null || (await taken.settle());
      if (stay !== mine) return isSaved;
      service?.stop();
      service = null;
      const last = seat;
      seat = null;
      leave(mine);
      const left =
        last?.role === "leader"
          ? { edits: [await last.stop()], commands: [] }
          : (last?.stop() ?? { edits: [], commands: [] });
      for (const edit of left.edits) edit?.settle({ type: "not-saved", reason: "not-leader" });
      for (const { settle } of left.commands) settle({ type: "not-open" });
      return isSaved;
    },
  };
}
