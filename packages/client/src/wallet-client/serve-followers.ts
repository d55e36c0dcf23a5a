/** The leader's side of the channel: shows followers what it sees, and does what they hand it. */
import type { Content, WalletFormat } from "@holdfast/wallet/merge";
import type { Channel } from "../ports/wallet-store.ts";
import type { Leader } from "./open-leader.ts";
import type { RawLook } from "./snapshot.ts";
import { readToLeader, tabMessage, type ToFollowers, type ToLeader } from "./tab-messages.ts";

export type FollowerService = {
  receive(data: unknown): void;
  /** Shows the followers what changed. */
  show(): void;
  /** From now on nobody is answered: what is not settled yet is for the next leader. */
  stop(): void;
};

type ServiceParts<Document> = {
  readonly name: string;
  readonly format: WalletFormat<Document>;
  readonly leader: Pick<Leader<Document, never>, "sight" | "submit" | "run">;
  readonly channel: Channel;
  /** A follower has credentials and asks for the lead; false: not now. */
  readonly stepDown: () => Promise<boolean>;
};

export function serveFollowers<Document>(parts: ServiceParts<Document>): FollowerService {
  const { name, format, leader, channel } = parts;
  let shown: {
    readonly view: Content<Document>;
    readonly look: unknown;
    readonly facts: string;
  } | null = null;
  let viewNumber = 0;
  let isStopped = false;

  const post = (message: ToFollowers): void => {
    if (!isStopped) channel.post(tabMessage(message));
  };

  const show = (isWhole: boolean): void => {
    const { facts, look, view } = leader.sight();
    const factsText = JSON.stringify(facts);
    const isSameView = shown !== null && shown.view === view && shown.look === look;
    if (isSameView && !isWhole && shown?.facts === factsText) return;
    if (!isSameView) viewNumber += 1;
    shown = { view, look, facts: factsText };
    const isSent = !isSameView || isWhole;
    post({
      type: "snapshot",
      leader: name,
      viewNumber,
      facts,
      view: isSent ? format.serialize(view) : null,
      look: isSent ? lookText(format, look) : null,
    });
  };

  const edit = ({ from, id, seen, made }: Extract<ToLeader, { type: "edit" }>): void => {
    let contents: readonly [Content<Document>, Content<Document>];
    try {
      contents = [format.parse(seen), format.parse(made)];
    } catch {
      // A tab of another version, whose documents this one cannot read, must save its edits itself.
      post({
        type: "edit-settled",
        to: from,
        id,
        outcome: { type: "not-saved", reason: "not-leader" },
      });
      return;
    }
    const { view } = leader.sight();
    const [before, content] = contents;
    leader.submit({
      from: format.equal(before, view) ? view : before,
      content,
      settle: (outcome) => {
        post({ type: "edit-settled", to: from, id, outcome });
      },
    });
  };

  post({ type: "leading" });
  show(true);
  return {
    receive(data) {
      const message = isStopped ? null : readToLeader(data);
      switch (message?.type) {
        case undefined:
          return;
        case "hello":
          show(true);
          return;
        case "edit":
          edit(message);
          return;
        case "command": {
          const { from, id, command } = message;
          void leader.run(command).then((outcome) => {
            post({ type: "command-done", to: from, id, outcome });
            return outcome;
          });
          return;
        }
        case "step-down":
          void parts.stepDown().then((isDone) => {
            if (!isDone) post({ type: "stays", to: message.from });
            return isDone;
          });
      }
    },
    show() {
      show(false);
    },
    stop() {
      isStopped = true;
    },
  };
}

function lookText<Document>(format: WalletFormat<Document>, look: RawLook<Document> | null) {
  if (look?.type !== "content") return look;
  return { type: "content" as const, text: format.serialize(look.content) };
}
