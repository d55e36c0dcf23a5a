/**
 * A host that keeps one revision per account, in the clear, and the account source that goes with it: what a client's
 * tests need of a protocol. The protocols have their own tests against real servers.
 */
import { createJsonFormat, type JsonValue } from "@holdfast/wallet/json";
import type { Content } from "@holdfast/wallet/merge";
import { protocol3Rules } from "../src/engine/index.ts";
import type { RequestFailure, SealedRevision } from "../src/engine/index.ts";
import type { AccountSource, OpenAccount, WatchEvent } from "../src/ports/account-source.ts";

export const format = createJsonFormat({ isSecret: ([name]) => name === "pin" });

type Held = Content<JsonValue>;
export type Credentials = {
  readonly owner: string;
  readonly ownerId?: string;
  readonly password: string;
};

export type PlainHost = {
  readonly source: AccountSource<Held, Credentials>;
  head(): SealedRevision | null;
  /** What it answers to every request instead; null: it works. */
  fail(failure: RequestFailure | null): void;
  /** Puts another revision in the place of the newest. */
  forge(revision: SealedRevision | null): void;
  limit(sizeBytes: number): void;
  /** Connections that stand. */
  readonly watchers: Set<(event: WatchEvent) => void>;
  readonly asked: string[];
  /** Earlier revisions can be listed. */
  keepHistory(): void;
};

export function createPlainHost(password = "right"): PlainHost {
  const revisions: SealedRevision[] = [];
  const watchers = new Set<(event: WatchEvent) => void>();
  const asked: string[] = [];
  let failure: RequestFailure | null = null;
  let limitBytes = Infinity;
  let hasHistory = false;

  const textOf = (revision: SealedRevision): string => revision.payload["text"] ?? "";
  const open = ({ owner, ownerId = owner }: Credentials): OpenAccount<Held> => ({
    owner,
    ownerId,
    rules: protocol3Rules,
    keyId: "keys",
    async fetchHead() {
      asked.push("fetch");
      if (failure !== null) return await Promise.resolve(failure);
      const revision = revisions.at(-1);
      return revision === undefined ? { type: "empty" } : { type: "head", head: { revision } };
    },
    open: async ({ revision }) => {
      if (revision.payload["text"] === undefined)
        return await Promise.resolve({ type: "rejected", problem: "not-authentic" });
      return { type: "opened", content: format.parse(textOf(revision)), line: [], epoch: 0 };
    },
    async seal({ content, sequence }) {
      const text = format.serialize(content);
      const hash = `${String(sequence)} ${text}`;
      return await Promise.resolve({
        sequence,
        hash,
        payload: { text },
        sizeBytes: text.length,
      });
    },
    async push(revision) {
      asked.push("push");
      if (failure !== null) return await Promise.resolve(failure);
      if (revision.sizeBytes > limitBytes) return { type: "too-large" };
      if (revision.sequence !== (revisions.at(-1)?.sequence ?? 0) + 1) return { type: "conflict" };
      revisions.push(revision);
      const { sequence } = revision;
      for (const tell of watchers) tell({ type: "noticed", sequence });
      return { type: "accepted" };
    },
    changePassword: async () => await Promise.resolve({ type: "refused" }),
    forgetKeys() {
      asked.push("forget");
    },
    watch(onEvent) {
      if (failure !== null) {
        onEvent({ type: "ended", isRefused: failure.type === "unauthorized" });
        return { close: () => undefined };
      }
      watchers.add(onEvent);
      onEvent({ type: "watching" });
      return { close: () => watchers.delete(onEvent) };
    },
    history: hasHistory
      ? {
          list: async ({ before, limit }) =>
            await Promise.resolve({
              type: "revisions",
              revisions: revisions
                .filter(({ sequence }) => sequence < before)
                .toReversed()
                .slice(0, limit)
                .map(({ sequence, hash }) => ({ sequence, hash, deviceId: "one", savedAtMs: 0 })),
            }),
          open: async (sequence) => {
            const revision = revisions.find((each) => each.sequence === sequence);
            return await Promise.resolve(
              revision === undefined
                ? { type: "unknown-revision" }
                : { type: "opened", content: format.parse(textOf(revision)) },
            );
          },
        }
      : null,
  });

  return {
    source: {
      rules: protocol3Rules,
      unlock: async (credentials, { memory }) => {
        const before = await memory.loadPart("unlocks");
        const unlocks = before.type === "text" ? Number(before.text) + 1 : 1;
        await memory.savePart("unlocks", String(unlocks));
        return credentials.password === password
          ? { type: "unlocked", account: open(credentials) }
          : { type: "credentials-refused", detail: "wrong password" };
      },
    },
    head: () => revisions.at(-1) ?? null,
    fail(given) {
      failure = given;
      if (given !== null) {
        for (const tell of watchers) tell({ type: "ended", isRefused: false });
        watchers.clear();
      }
    },
    forge(revision) {
      revisions.pop();
      if (revision !== null) revisions.push(revision);
    },
    limit(sizeBytes) {
      limitBytes = sizeBytes;
    },
    watchers,
    asked,
    keepHistory() {
      hasHistory = true;
    },
  };
}
