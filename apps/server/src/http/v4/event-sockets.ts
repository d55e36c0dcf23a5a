import type { HostEvent } from "@holdfast/protocol/protocol-4";
import type { WebSocket } from "ws";

/** Where open event sockets are registered. */
export interface EventSockets {
  /** Watches a socket that has not said yet whose it is. */
  watch(socket: WebSocket): void;
  /** Whether the account may have a further socket. */
  hasRoomFor(userId: number): boolean;
  /** From now on nothing of the account is missed; it is said after `begin`, which says what comes first. */
  add(opened: {
    readonly userId: number;
    readonly sessionId: string;
    readonly socket: WebSocket;
    isAlive(): Promise<boolean>;
  }): { begin(first: HostEvent): void };
  /** Ends the sockets of one session. */
  sessionEnded(userId: number, sessionId: string): void;
}
