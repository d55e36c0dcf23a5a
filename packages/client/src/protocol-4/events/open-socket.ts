/** The WebSocket as browsers and Node have it; nothing but the events' address goes into the URL. */
export type SocketEvent4 =
  | { readonly type: "open" }
  | { readonly type: "message"; readonly text: string }
  /** `code`: RFC 6455's, or one of `socketCloseCodes4` */
  | { readonly type: "closed"; readonly code: number };

export type OpenSocket4 = (
  url: URL,
  onEvent: (event: SocketEvent4) => void,
) => { send(text: string): void; close(): void };

/** After `closed` no event follows. */
export const openWebSocket: OpenSocket4 = (url, onEvent) => {
  const socket = new WebSocket(url);
  let isOver = false;
  const end = (code: number): void => {
    if (isOver) return;
    isOver = true;
    onEvent({ type: "closed", code });
  };
  socket.addEventListener("open", () => {
    onEvent({ type: "open" });
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!isOver && typeof data === "string") onEvent({ type: "message", text: data });
  });
  socket.addEventListener("close", ({ code }) => {
    end(code);
  });
  socket.addEventListener("error", () => {
    end(1006);
  });
  return {
    send(text) {
      if (!isOver && socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close() {
      socket.close();
      end(1000);
    },
  };
};
