/**
 * Tells the open event sockets of protocol 4 about their account, in this process (P4-80 …).
 *
 * Invariants: a socket whose session is over hears that and nothing more, from the same moment on; every socket hears of the
 * newest revision of each wallet and of the newest epoch, and one that reads too slowly for every notice gets the newest
 * only, so that its queue is bounded; a peer that does not answer a ping is gone by the next one.
 */
import { type HostEvent, socketCloseCodes4 } from "@holdfast/protocol/protocol-4";
import type { WebSocket } from "ws";
import type { Notices4 } from "../credentials/notices-4.ts";

/** Notices that may wait in one socket's buffer; each is some 200 bytes. */
const MAX_UNSENT = 16;
const GOING_AWAY = 1001;

interface EventListener {
  readonly userId: number;
  readonly sessionId: string;
  readonly socket: WebSocket;
  /** Whether the session still is; asked now and then. */
  isAlive(): Promise<boolean>;
}

interface Listener extends EventListener {
  /** Before its first event: everything waits. */
  isWaiting: boolean;
  unsent: number;
  /** What did not fit any more, by what it replaces: the newest of each. */
  readonly waiting: Map<string, HostEvent>;
}

export interface EventHub extends Notices4 {
  size(): number;
  hasRoomFor(userId: number): boolean;
  /** From now on nothing of the account is missed; it is said after `begin`, which says what comes first. */
  add(listener: EventListener): { begin(first: HostEvent): void };
  /** Watches a socket that has not said yet whose it is, so that it is closed when the host stops. */
  watch(socket: WebSocket): void;
  /** Closes every socket as "going away"; resolves when all are gone. */
  close(): Promise<void>;
}

export function createEventHub(options: {
  readonly maxSocketsPerUser: number;
  readonly pingIntervalMs: number;
  /** How often each socket's session is looked up. */
  readonly sessionCheckMs: number;
  readonly closeTimeoutMs: number;
}): EventHub {
  const { maxSocketsPerUser, pingIntervalMs, sessionCheckMs, closeTimeoutMs } = options;
  const listenersByUser = new Map<number, Set<Listener>>();
  /** Every socket until it is gone. */
  const connected = new Set<WebSocket>();
  let isClosed = false;

  const listenersOf = (userId: number): Listener[] => [...(listenersByUser.get(userId) ?? [])];

  function remove(listener: Listener): void {
    const listeners = listenersByUser.get(listener.userId);
    listeners?.delete(listener);
    if (listeners?.size === 0) listenersByUser.delete(listener.userId);
  }

  function notify(listener: Listener, event: HostEvent): void {
    if (listener.isWaiting || listener.unsent >= MAX_UNSENT) {
      const key = subjectOf(event);
      // At its end again, so that the order of what is news stays.
      listener.waiting.delete(key);
      listener.waiting.set(key, event);
      return;
    }
    listener.unsent += 1;
    listener.socket.send(JSON.stringify(event), () => {
      listener.unsent -= 1;
      sendNext(listener);
    });
  }

  function sendNext(listener: Listener): void {
    const [next] = listener.waiting;
    if (next === undefined) return;
    listener.waiting.delete(next[0]);
    notify(listener, next[1]);
  }

  function end(listener: Listener): void {
    remove(listener);
    listener.waiting.clear();
    listener.socket.send(JSON.stringify({ type: "session-ended" } satisfies HostEvent));
    listener.socket.close(socketCloseCodes4.sessionEnded, "session ended, log in again");
  }

  /** A session can run out without anybody ending it. */
  async function checkAlive(listener: Listener): Promise<void> {
    // Where it cannot be looked up now, the next time asks again.
    const isAlive = await listener.isAlive().catch(() => true);
    if (!isAlive && listener.socket.readyState === listener.socket.OPEN) end(listener);
  }

  function watch(socket: WebSocket): void {
    connected.add(socket);
    let isAlive = true;
    const pings = setInterval(() => {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      return socket.ping();
    }, pingIntervalMs);
    socket.on("pong", () => {
      isAlive = true;
    });
    // What a peer does wrong ends its own socket, by a close frame that `ws` sends.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(pings);
      connected.delete(socket);
    });
    if (isClosed) void closeSocket(socket, closeTimeoutMs);
  }

  return {
    size: () => connected.size,
    hasRoomFor: (userId) => (listenersByUser.get(userId)?.size ?? 0) < maxSocketsPerUser,
    watch,

    add(opened) {
      const listener: Listener = { ...opened, isWaiting: true, unsent: 0, waiting: new Map() };
      // It closed while its session was looked up, and will not say so again.
      if (opened.socket.readyState === opened.socket.CLOSED) return { begin: () => undefined };
      const listeners = listenersByUser.get(opened.userId) ?? new Set<Listener>();
      listenersByUser.set(opened.userId, listeners.add(listener));
      const checks = setInterval(() => void checkAlive(listener), sessionCheckMs);
      opened.socket.on("close", () => {
        clearInterval(checks);
        remove(listener);
      });
      return {
        begin(first) {
          listener.isWaiting = false;
          notify(listener, first);
          for (let left = listener.waiting.size; left > 0; left -= 1) sendNext(listener);
        },
      };
    },

    walletChanged(userId, { walletId, sequence, hash, deviceId }) {
      const event: HostEvent = { type: "wallet", walletId, sequence, hash, deviceId };
      for (const listener of listenersOf(userId)) notify(listener, event);
    },

    credentialsChanged(userId, epoch) {
      for (const listener of listenersOf(userId)) notify(listener, { type: "credentials", epoch });
    },

    pairing(userId, pairing) {
      for (const listener of listenersOf(userId)) {
        notify(listener, { type: "pairing", ...pairing });
      }
    },

    sessionEnded(userId, sessionId) {
      for (const listener of listenersOf(userId)) {
        if (listener.sessionId === sessionId) end(listener);
      }
    },

    allSessionsEnded(userId) {
      for (const listener of listenersOf(userId)) end(listener);
    },

    async close() {
      isClosed = true;
      await Promise.all([...connected].map((socket) => closeSocket(socket, closeTimeoutMs)));
    },
  };
}

/** What a later event of the same subject makes superfluous. */
function subjectOf(event: HostEvent): string {
  switch (event.type) {
    case "wallet":
      return `wallet:${event.walletId}`;
    case "pairing":
      return `pairing:${event.pairingId}`;
    case "ready":
    case "credentials":
    case "session-ended":
      return event.type;
  }
}

function closeSocket(socket: WebSocket, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) {
      resolve();
      return;
    }
    const impatience = setTimeout(() => socket.terminate(), timeoutMs);
    socket.on("close", () => {
      clearTimeout(impatience);
      resolve();
    });
    socket.close(GOING_AWAY, "the server stops");
  });
}
