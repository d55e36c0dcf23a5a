/**
 * The events socket (P4K-60 to P4K-62). What a host says over it is only that it is time to look: nothing is believed, and
 * nothing is missed for good by a lost event, because every connection begins with where everything stands.
 */
import {
  EVENTS_PATH_4,
  type HostEvent,
  hostEvent,
  socketCloseCodes4,
  type SocketGreeting,
} from "@holdfast/protocol/protocol-4";
import { backoff } from "../../engine/backoff.ts";
import type { HeldAccount } from "../record/held-account.ts";
import type { OpenSocket4, SocketEvent4 } from "./open-socket.ts";

/** `ready` names up to 256 wallets; anything longer is not read. */
const maxEventLength = 256 * 1024;
const readyMs = 15_000;
const retryMs = { least: 1000, most: 300_000 };

export type AccountEvent =
  | { readonly type: "connected" }
  /** a wallet may have a newer revision */
  | { readonly type: "wallet"; readonly walletId: string; readonly sequence: number }
  /** the credentials may have changed */
  | { readonly type: "credentials"; readonly epoch: number }
  | { readonly type: "pairing"; readonly step: "sent" | "fetched"; readonly deviceId: string }
  /** trying again by itself in `retryInMs` */
  | { readonly type: "disconnected"; readonly retryInMs: number };

export type WatchAccountEnd =
  | { readonly type: "stopped" }
  /** the host ended the session, or no longer knows it: log in again */
  | { readonly type: "session-ended" };

export type WatchAccountOptions = {
  readonly openSocket: OpenSocket4;
  readonly onEvent: (event: AccountEvent) => void;
  readonly signal: AbortSignal;
  /** what the first message carries; a ticket works once, so that no recording of it is worth anything. Default: the token */
  readonly greeting?: "token" | "ticket";
};

/** Listens until it is stopped or the session is over; connects again by itself. */
export async function watchAccount(
  account: HeldAccount,
  options: WatchAccountOptions,
): Promise<WatchAccountEnd> {
  const { signal, onEvent } = options;
  const { clock, randomBytes } = account.ports;
  let failures = 0;
  for (;;) {
    if (signal.aborted) return { type: "stopped" };
    const greeting = await greetingOf(account, options);
    if (greeting === "session-ended") return { type: "session-ended" };
    const end = greeting === null ? "lost" : await follow(account, options, greeting);
    if (end === "session-ended") return { type: "session-ended" };
    if (signal.aborted) return { type: "stopped" };
    failures = end === "lost-after-ready" ? 0 : failures + 1;
    const { leastMs, mostMs } = backoff(failures, retryMs);
    const share = new DataView(randomBytes(4).slice().buffer).getUint32(0) / 2 ** 32;
    const retryInMs = Math.round(leastMs + (mostMs - leastMs) * share);
    onEvent({ type: "disconnected", retryInMs });
    await clock.sleep(retryInMs, signal);
  }
}

/** null: the host could not be asked for a ticket. */
async function greetingOf(
  { api, token }: HeldAccount,
  { greeting = "token", signal }: WatchAccountOptions,
): Promise<SocketGreeting | "session-ended" | null> {
  if (token === null) return "session-ended";
  if (greeting === "token") return { type: "authenticate", token: token.reveal() };
  const answered = await api.call("createTicket", { token, signal });
  if (answered.type === "session-ended") return "session-ended";
  if (answered.type !== "answer") return null;
  return { type: "authenticate", ticket: answered.value.ticket };
}

type ConnectionEnd = "lost" | "lost-after-ready" | "session-ended";

async function follow(
  account: HeldAccount,
  { openSocket, onEvent, signal }: WatchAccountOptions,
  greeting: SocketGreeting,
): Promise<ConnectionEnd> {
  const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
  const { clock } = account.ports;
  const settled = new AbortController();
  let isReady = false;
  const end = (how: ConnectionEnd): void => {
    settled.abort();
    resolve(how);
  };
  const hear = (event: SocketEvent4): void => {
    switch (event.type) {
      case "open":
        socket.send(JSON.stringify(greeting));
        return;
      case "message": {
        const said = parseEvent(event.text);
        if (said === null) return;
        if (said.type === "session-ended") {
          end("session-ended");
          return;
        }
        isReady ||= said.type === "ready";
        for (const heard of eventsOf(said)) onEvent(heard);
        return;
      }
      case "closed":
        if (event.code === socketCloseCodes4.sessionEnded) end("session-ended");
        else end(isReady ? "lost-after-ready" : "lost");
        return;
    }
  };
  const socket = openSocket(socketUrl(account.api.url), hear);
  const stop = (): void => {
    end("lost");
  };
  signal.addEventListener("abort", stop);
  const giveUp = async (): Promise<void> => {
    await clock.sleep(readyMs, settled.signal);
    if (!isReady) end("lost");
  };
  void giveUp();
  const how = await promise;
  signal.removeEventListener("abort", stop);
  socket.close();
  return how;
}

function socketUrl(host: URL): URL {
  const url = new URL(host);
  url.pathname = `${host.pathname.replace(/\/+$/, "")}${EVENTS_PATH_4}`;
  url.protocol = host.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

/** null: nothing of this protocol, so nothing to hear. */
function parseEvent(text: string): HostEvent | null {
  if (text.length > maxEventLength) return null;
  try {
    return hostEvent.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function eventsOf(said: HostEvent): readonly AccountEvent[] {
  switch (said.type) {
    case "ready":
      return [
        { type: "connected" },
        { type: "credentials", epoch: said.epoch },
        ...said.wallets.map(({ walletId, sequence = 0 }) => ({
          type: "wallet" as const,
          walletId,
          sequence,
        })),
      ];
    case "wallet":
      return [{ type: "wallet", walletId: said.walletId, sequence: said.sequence }];
    case "credentials":
      return [{ type: "credentials", epoch: said.epoch }];
    case "pairing":
      return [{ type: "pairing", step: said.step, deviceId: said.deviceId }];
    case "session-ended":
      return [];
  }
}
