/**
 * Tells the open sockets of a user about their wallet, in this process (P3-60 … P3-66).
 *
 * Invariants: every socket hears of the newest wallet; one that reads too slowly for every notice gets the newest only,
 * so that its queue is bounded; a socket whose session is over hears nothing more, from the same moment on; a peer that
 * does not answer a ping is gone by the next one.
 */
import { encodeWalletUpdate, socketCloseCodes3 } from "@holdfast/protocol";
import type { WebSocket } from "ws";
import type { Notices } from "../wallets/notices.ts";

/** Notices that may wait in one socket's buffer; each is about 30 bytes. */
const MAX_UNSENT = 16;
const GOING_AWAY = 1001;

interface Listener {
  readonly socket: WebSocket;
  readonly expiresAtMs: number;
  unsent: number;
  /** The newest sequence that did not fit any more. */
  skipped: number | undefined;
}

export interface SocketHubOptions {
  readonly maxSocketsPerUser: number;
  /** How often each peer is asked for a sign of life. */
  readonly pingIntervalMs: number;
  /** How long a closing socket may take when the server stops. */
  readonly closeTimeoutMs: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface SocketHub extends Notices {
  /** How many sockets are open. */
  size(): number;
  /** Whether the user may open a further socket. */
  hasRoomFor(userId: number): boolean;
  /** Registers an open socket: from now on it hears of the user's wallets. */
  add(opened: {
    readonly userId: number;
    readonly expiresAtMs: number;
    readonly socket: WebSocket;
  }): void;
  /** Closes one socket because its session is over. */
  endSession(userId: number, socket: WebSocket): void;
  /** Closes every socket as "going away"; resolves when all are gone. */
  close(): Promise<void>;
}

export function createSocketHub(options: SocketHubOptions): SocketHub {
  const { maxSocketsPerUser, pingIntervalMs, closeTimeoutMs, clock } = options;
  const listenersByUser = new Map<number, Map<WebSocket, Listener>>();
  /** Every socket until it is gone, those on their way out included. */
  const connected = new Set<WebSocket>();
  let isClosed = false;

  function remove(userId: number, socket: WebSocket): void {
    const listeners = listenersByUser.get(userId);
    if (listeners?.delete(socket) === true && listeners.size === 0) listenersByUser.delete(userId);
  }

  function endSession(userId: number, socket: WebSocket): void {
    remove(userId, socket);
    socket.close(socketCloseCodes3.sessionEnded, "session ended, log in again");
  }

  function notify(listener: Listener, sequence: number): void {
    if (listener.unsent >= MAX_UNSENT) {
      listener.skipped = sequence;
      return;
    }
    listener.unsent += 1;
    listener.socket.send(encodeWalletUpdate(sequence), () => {
      listener.unsent -= 1;
      const { skipped } = listener;
      if (skipped === undefined) return;
      listener.skipped = undefined;
      notify(listener, skipped);
    });
  }

  function watch(userId: number, { socket, expiresAtMs }: Listener): void {
    let isAlive = true;
    const pings = setInterval(() => {
      if (!isAlive) socket.terminate();
      else if (expiresAtMs <= clock()) endSession(userId, socket);
      else {
        isAlive = false;
        socket.ping();
      }
    }, pingIntervalMs);
    socket.on("pong", () => {
      isAlive = true;
    });
    // What a peer does wrong ends its own socket, by a close frame that `ws` sends.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(pings);
      connected.delete(socket);
      remove(userId, socket);
    });
  }

  return {
    size: () => connected.size,

    hasRoomFor: (userId) => (listenersByUser.get(userId)?.size ?? 0) < maxSocketsPerUser,

    add({ userId, expiresAtMs, socket }) {
      const listener: Listener = { socket, expiresAtMs, unsent: 0, skipped: undefined };
      const listeners = listenersByUser.get(userId) ?? new Map<WebSocket, Listener>();
      listenersByUser.set(userId, listeners.set(socket, listener));
      connected.add(socket);
      watch(userId, listener);
      if (isClosed) void closeSocket(socket, closeTimeoutMs);
    },

    endSession,

    walletReplaced(userId, sequence) {
      for (const listener of listenersByUser.get(userId)?.values() ?? []) {
        notify(listener, sequence);
      }
    },

    credentialsChanged(userId) {
      for (const socket of listenersByUser.get(userId)?.keys() ?? []) {
        endSession(userId, socket);
      }
    },

    async close() {
      isClosed = true;
      await Promise.all([...connected].map((socket) => closeSocket(socket, closeTimeoutMs)));
    },
  };
}

function closeSocket(socket: WebSocket, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => socket.terminate(), timeoutMs);
    socket.on("close", () => {
      clearTimeout(impatience);
      resolve();
    });
    socket.close(GOING_AWAY, "the server stops");
  });
}
