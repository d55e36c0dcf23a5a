import type { HostEvent } from "@holdfast/protocol/protocol-4";
import type { WebSocket } from "ws";

/** Where open event sockets are registered. */
export interface EventSockets {
  /** Watches a socket that has not said yet whose it is. */
  watch(socket: WebSocket): void;
  /** Whether the account may have a further socket. */
  hasRoomFor(userId: number): boolean;
  /** From now on the socket hears of the account. */
  add(opened: {
    readonly userId: number;
    readonly sessionId: string;
    readonly socket: WebSocket;
  }): void;
  /** Says something to one socket. */
  tell(socket: WebSocket, event: HostEvent): void;
}
