/**
 * The events socket (P4K-60 to P4K-62). What a host says over it is only that it is time to look: nothing is believed, and
 * nothing is missed for good by a lost event, because every connection begins with where everything stands.
 */
import type { HostEvent, SocketGreeting } from "@holdfast/protocol/protocol-4";
import { backoff } from "../../engine/backoff.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { connectEvents, type ConnectionEnd, greetingOf } from "./connect-events.ts";
import type { OpenSocket4 } from "./open-socket.ts";

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
    const greeting = await greetingOf(account, options.greeting, signal);
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

async function follow(
  account: HeldAccount,
  { openSocket, onEvent, signal }: WatchAccountOptions,
  greeting: SocketGreeting,
): Promise<ConnectionEnd> {
  const { promise, resolve } = Promise.withResolvers<ConnectionEnd>();
  const connection = connectEvents(account, openSocket, greeting, {
    hear: (said) => {
      for (const heard of eventsOf(said)) onEvent(heard);
    },
    end: resolve,
  });
  signal.addEventListener("abort", connection.close);
  const how = await promise;
  signal.removeEventListener("abort", connection.close);
  return how;
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
