import type { Duplex } from "node:stream";

/** How long a peer has to take the last answer; who is still sending would miss it if the connection broke off at once. */
const FAREWELL_MS = 1000;

/** Sends a connection's last bytes and ends it for good, whether the peer ends its side or not (P3-72). */
export function endConnection(socket: Duplex, lastAnswer: Buffer): void {
  const farewell = setTimeout(() => socket.destroy(), FAREWELL_MS);
  socket.once("close", () => clearTimeout(farewell));
  socket.end(lastAnswer);
  socket.resume();
}
