/** A wallet of an account of protocol 4 for a client that lives long: notices come over a socket, and its history can be looked at. */
import type { WalletId } from "@holdfast/crypto";
import type { Content, WalletFormat } from "@holdfast/wallet/merge";
import type {
  AccountHistory,
  GiveBackOutcome,
  OpenAccount,
  WatchEvent,
} from "../../ports/account-source.ts";
import { connectEvents, greetingOf } from "../events/connect-events.ts";
import type { OpenSocket4 } from "../events/open-socket.ts";
import { healHost } from "../heal/heal-host.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { contactHost } from "../sync/contact.ts";
import { listHistory, openOldRevision } from "../sync/history.ts";
import { type ContactFailure, requestFailureOf, requestProblemOf } from "../sync/problem-of.ts";
import { createSyncAccount4, type SyncAccount4 } from "../sync/sync-account.ts";

export type WalletToOpen<Document> = {
  readonly account: HeldAccount;
  readonly walletId: WalletId;
  readonly format: WalletFormat<Document>;
  readonly openSocket: OpenSocket4;
  readonly onReport?: (report: ContactFailure) => void;
};

/** The account has to be unlocked. */
export function openAccount4<Document>(
  wallet: WalletToOpen<Document>,
): OpenAccount<Content<Document>> & SyncAccount4<Document> {
  const { account } = wallet;
  const sync = createSyncAccount4(wallet);
  // Not spread: the name of its keys changes with a rotation.
  return Object.assign(sync, {
    owner: ownerOf(account),
    ownerId: account.record.identity,
    history: historyOf(wallet, sync),
    watch: (onEvent: (event: WatchEvent) => void) => watch(wallet, onEvent),
    async healHost(signal: AbortSignal): Promise<GiveBackOutcome> {
      const { type } = await healHost(account, { signal });
      return { type: type === "healed" ? "given-back" : "not-given-back" };
    },
  });
}

export function ownerOf({ record }: Pick<HeldAccount, "record">): string {
  return `${record.id} at ${record.host}`;
}

function watch<Document>(
  { account, walletId, openSocket }: WalletToOpen<Document>,
  onEvent: (event: WatchEvent) => void,
): { close(): void } {
  const stopped = new AbortController();
  let connection: { readonly close: () => void } | null = null;
  const open = async (): Promise<void> => {
    const greeting = await greetingOf(account);
    if (stopped.signal.aborted) return;
    if (greeting === null || greeting === "session-ended") {
      onEvent({ type: "ended", isRefused: greeting === "session-ended" });
      return;
    }
    const token = account.record.session?.token;
    connection = connectEvents(account, openSocket, greeting, {
      hear(said) {
        if (said.type === "ready") onEvent({ type: "watching" });
        if (said.type === "wallet" && said.walletId === walletId)
          onEvent({ type: "noticed", sequence: said.sequence });
        if (said.type === "credentials" || said.type === "ready") void judgeCredentials(said.epoch);
      },
      end(how) {
        void ended(how === "session-ended", token);
      },
    });
  };
  /** A session that this device itself replaced was ended by nobody else. */
  const ended = async (isRefused: boolean, token: string | undefined): Promise<void> => {
    await account.inTurn(async () => {
      await Promise.resolve();
    });
    if (stopped.signal.aborted) return;
    const isOurs = account.record.session?.token !== token;
    onEvent({ type: "ended", isRefused: isRefused && !isOurs });
  };
  /** A wallet that was added elsewhere is no reason to lock; a new password is. */
  const judgeCredentials = async (epoch: number): Promise<void> => {
    if (epoch <= account.newest.epoch) return;
    const contact = await contactHost(account, stopped.signal);
    if (contact.type === "credentials-changed" && !stopped.signal.aborted)
      onEvent({ type: "credentials-changed" });
  };
  void open();
  return {
    close() {
      stopped.abort();
      connection?.close();
    },
  };
}

function historyOf<Document>(
  { account, walletId, format }: WalletToOpen<Document>,
  sync: SyncAccount4<Document>,
): AccountHistory<Content<Document>> {
  return {
    async list({ before, limit }, signal) {
      const listed = await listHistory(account, walletId, signal);
      if (listed.type !== "history") return failed(listed);
      const revisions = listed.entries
        .filter(({ sequence }) => sequence < before)
        .slice(0, limit)
        .map(({ sequence, hash, deviceId, savedAt }) => ({
          sequence,
          hash,
          deviceId,
          savedAtMs: savedAt,
        }));
      return { type: "revisions", revisions };
    },

    async open(sequence, head, signal) {
      const opened = await openOldRevision(account, walletId, format, sequence, signal);
      switch (opened.type) {
        case "opened":
          // It may be taken up again: then the host keeps the revision before that.
          sync.markRestore();
          // The chain was verified from what the account remembers, which is never behind the head that it opened.
          return sequence <= head.sequence
            ? { type: "opened", content: opened.content }
            : { type: "unknown-revision" };
        case "no-revision":
          return { type: "unknown-revision" };
        case "body-gone":
          return { type: "body-gone" };
        case "undecodable":
          return { type: "rejected", problem: "undecodable" };
        case "locked":
        case "session-ended":
        case "unreachable":
        case "host-misbehaves":
        case "host-failed":
        case "host-refused":
        case "rate-limited":
          return failed(opened);
      }
    },
  };
}

function failed(failure: ContactFailure) {
  const problem = requestProblemOf(failure);
  return problem === null ? requestFailureOf(failure) : ({ type: "rejected", problem } as const);
}
