/**
 * A tab that does not lead: it sees what the leader sees, with its own edits on top, and hands over what its person
 * does. Whatever a leader did not settle before it was gone is said again to the next one. Merging the same edit twice
 * changes nothing, so that saying it twice does no harm.
 */
import type { Content, WalletFormat } from "@holdfast/wallet/merge";
import type { Channel } from "../ports/wallet-store.ts";
import type { Command, CommandOutcome } from "./command.ts";
import type { PendingEdit } from "./open-leader.ts";
import type { RawLook, Sight } from "./snapshot.ts";
import { readToFollowers, tabMessage, type ToFollowers, type ToLeader } from "./tab-messages.ts";

export type Follower<Document> = {
  readonly role: "follower";
  /** null: no leader has shown anything yet */
  sight(): Sight<Document> | null;
  receive(data: unknown): void;
  submit(edit: PendingEdit<Content<Document>>): void;
  run(command: Command): Promise<CommandOutcome>;
  /** Waits until nothing is handed over and not settled; true. */
  settle(): Promise<boolean>;
  /** Asks whoever leads, now and later, to step down; resolves false if it cannot. The lead itself comes by the lock. */
  askForLead(): Promise<boolean>;
  /** Ends following. Gives what is not settled: edits to submit again, and commands to run again. */
  stop(): {
    readonly edits: readonly PendingEdit<Content<Document>>[];
    readonly commands: readonly PendingCommand[];
  };
};

type PendingCommand = {
  readonly command: Command;
  readonly settle: (outcome: CommandOutcome) => void;
};

type FollowerParts<Document> = {
  readonly name: string;
  readonly format: WalletFormat<Document>;
  readonly channel: Channel;
  /** what this tab saw when it led itself */
  readonly seen: Sight<Document> | null;
  readonly onChange: () => void;
};

type Shown<Document> = {
  readonly leader: string;
  readonly viewNumber: number;
  readonly sight: Sight<Document>;
};

export function openFollower<Document>({
  name,
  format,
  channel,
  seen,
  onChange,
}: FollowerParts<Document>): Follower<Document> {
  type Held = Content<Document>;
  const edits = new Map<number, PendingEdit<Held>>();
  const commands = new Map<number, PendingCommand>();
  const waiting: (() => void)[] = [];
  let shown: Shown<Document> | null = seen && { leader: name, viewNumber: 0, sight: seen };
  let view: Held | null = seen && seen.view;
  let lastId = 0;
  let wantsLead: ((isGiven: boolean) => void) | null = null;

  const post = (message: ToLeader): void => {
    channel.post(tabMessage(message));
  };

  const postEdit = (id: number, { from, content }: PendingEdit<Held>): void => {
    const [seen, made] = [format.serialize(from), format.serialize(content)];
    post({ type: "edit", from: name, id, seen, made });
  };

  /** What the leader sees, with the edits on top that it has not settled. */
  const rebase = (): void => {
    if (shown === null) return;
    view = [...edits.values()].reduce(
      (below, { from, content }) => (from === below ? content : format.merge(from, below, content)),
      shown.sight.view,
    );
  };

  const take = (message: Extract<ToFollowers, { type: "snapshot" }>): void => {
    const { leader, viewNumber, facts } = message;
    const isKnown = shown !== null && shown.leader === leader && shown.viewNumber === viewNumber;
    if (message.view === null && !isKnown) {
      post({ type: "hello", from: name });
      return;
    }
    if (isKnown && shown !== null) {
      shown = { ...shown, sight: { ...shown.sight, facts } };
    } else {
      try {
        const contents = { view: format.parse(message.view ?? ""), look: readLook(message.look) };
        shown = { leader, viewNumber, sight: { role: "follower", facts, ...contents } };
      } catch {
        // Of a leader of another version; this tab shows what it last understood.
        return;
      }
      rebase();
    }
    onChange();
  };

  const readLook = (
    look: Extract<ToFollowers, { type: "snapshot" }>["look"],
  ): RawLook<Document> | null =>
    look?.type === "content" ? { type: "content", content: format.parse(look.text) } : look;

  const sayAgain = (): void => {
    for (const [id, edit] of edits) postEdit(id, edit);
    for (const [id, { command }] of commands) post({ type: "command", from: name, id, command });
    if (wantsLead !== null) post({ type: "step-down", from: name });
  };

  post({ type: "hello", from: name });
  return {
    role: "follower",
    sight: () => (shown === null || view === null ? null : { ...shown.sight, view }),

    receive(data) {
      const message = readToFollowers(data);
      if (message === null) return;
      if (message.type === "snapshot") {
        take(message);
        return;
      }
      if (message.type === "leading") {
        sayAgain();
        return;
      }
      if (message.to !== name) return;
      switch (message.type) {
        case "edit-settled": {
          const edit = edits.get(message.id);
          edits.delete(message.id);
          rebase();
          onChange();
          edit?.settle(message.outcome);
          if (edits.size === 0) for (const tell of waiting.splice(0)) tell();
          return;
        }
        case "command-done": {
          const pending = commands.get(message.id);
          commands.delete(message.id);
          pending?.settle(message.outcome);
          return;
        }
        case "stays":
          wantsLead?.(false);
          wantsLead = null;
      }
    },

    submit(edit) {
      lastId += 1;
      edits.set(lastId, edit);
      rebase();
      onChange();
      postEdit(lastId, edit);
    },

    async run(command) {
      lastId += 1;
      const id = lastId;
      const { promise, resolve } = Promise.withResolvers<CommandOutcome>();
      commands.set(id, { command, settle: resolve });
      post({ type: "command", from: name, id, command });
      return await promise;
    },

    async askForLead() {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      wantsLead?.(false);
      wantsLead = resolve;
      post({ type: "step-down", from: name });
      return await promise;
    },

    async settle() {
      if (edits.size > 0) {
        const { promise, resolve } = Promise.withResolvers<undefined>();
        waiting.push(() => {
          resolve(undefined);
        });
        await promise;
      }
      return true;
    },

    stop() {
      wantsLead?.(true);
      wantsLead = null;
      for (const tell of waiting.splice(0)) tell();
      return { edits: [...edits.values()], commands: [...commands.values()] };
    },
  };
}
