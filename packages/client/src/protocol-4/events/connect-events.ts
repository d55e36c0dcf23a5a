/** One connection for events: greeted, heard as long as it makes sense, and ended once. */
import {
  EVENTS_PATH_4,
  type HostEvent,
  hostEvent,
  socketCloseCodes4,
  type SocketGreeting,
} from "@holdfast/protocol/protocol-4";
import type { HeldAccount } from "../record/held-account.ts";
import type { OpenSocket4, SocketEvent4 } from "./open-socket.ts";

/** `ready` names up to 256 wallets; anything longer is not read. */
const maxEventLength = 256 * 1024;
/** How long a host may take until it says where everything stands. */
const readyMs = 15_000;

/** null: the host could not be asked for a ticket. */
export async function greetingOf(
  { api, token }: HeldAccount,
  kind: "token" | "ticket" = "token",
  signal?: AbortSignal,
): Promise<SocketGreeting | "session-ended" | null> {
  if (token === null) return "session-ended";
  if (kind === "token") return { type: "authenticate", token: token.reveal() };
  const answered = await api.call("createTicket", { token, signal });
  if (answered.type === "session-ended") return "session-ended";
  if (answered.type !== "answer") return null;
  return { type: "authenticate", ticket: answered.value.ticket };
}

export type ConnectionEnd = "lost" | "lost-after-ready" | "session-ended";

type Listener = {
  hear(said: Exclude<HostEvent, { readonly type: "session-ended" }>): void;
  /** Called once; nothing is heard afterwards. */
  end(how: ConnectionEnd): void;
};

export function connectEvents(
  { api, ports }: HeldAccount,
  openSocket: OpenSocket4,
  greeting: SocketGreeting,
  listener: Listener,
): { readonly close: () => void } {
  const over = new AbortController();
  let isReady = false;
  const end = (how: ConnectionEnd): void => {
    if (over.signal.aborted) return;
    over.abort();
    socket.close();
    listener.end(how);
  };
  const hear = (event: SocketEvent4): void => {
    if (over.signal.aborted) return;
    switch (event.type) {
      case "open":
        socket.send(JSON.stringify(greeting));
        return;
      case "message": {
        const said = parseEvent(event.text);
        if (said?.type === "session-ended") end("session-ended");
        else if (said !== null) {
          isReady ||= said.type === "ready";
          listener.hear(said);
        }
        return;
      }
      case "closed":
        if (event.code === socketCloseCodes4.sessionEnded) end("session-ended");
        else end(isReady ? "lost-after-ready" : "lost");
        return;
    }
  };
  const socket = openSocket(socketUrl(api.url), hear);
  const giveUp = async (): Promise<void> => {
    await ports.clock.sleep(readyMs, over.signal);
    if (!isReady) end("lost");
  };
  void giveUp();
  return {
    close: () => {
      end("lost");
    },
  };
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
