import { socketCloseCodes3 } from "@holdfast/protocol";
import type { OpenSocket } from "../../device/device-ports.ts";

/**
 * A page's WebSocket. It can send no header, so the token goes into the query (P3C-13), and it does not tell with
 * which status an upgrade was refused.
 */
export const openBrowserSocket: OpenSocket = ({ url, token, onEvent }) => {
  const address = new URL(url);
  address.searchParams.set("token", token.reveal());
  const socket = new WebSocket(address);
  socket.addEventListener("open", () => {
    onEvent({ type: "open" });
  });
  socket.addEventListener("message", ({ data }) => {
    if (typeof data === "string") onEvent({ type: "message", text: data });
  });
  socket.addEventListener("close", ({ code }) => {
    onEvent({ type: "closed", status: code === socketCloseCodes3.sessionEnded ? 401 : null });
  });
  return {
    close() {
      socket.close();
    },
  };
};
