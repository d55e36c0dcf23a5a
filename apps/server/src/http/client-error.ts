import type { Socket } from "node:net";
import type { RefusalCode3 } from "@holdfast/protocol";
import { encodeHttpRefusal } from "./answer.ts";
import { endConnection } from "./end-connection.ts";

const refusalByErrorCode = new Map<string, RefusalCode3>([
  ["HPE_HEADER_OVERFLOW", "headers-too-large"],
  ["ERR_HTTP_REQUEST_TIMEOUT", "request-timeout"],
]);

/** Answers what is no HTTP, or too slow to become a request, and ends the connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = refusalByErrorCode.get(error.code ?? "") ?? "bad-request";
  endConnection(socket, encodeHttpRefusal(code));
}
