/**
 * A keep-alive HTTP connection that costs the load generator as little as can be, because it shares the processor with
 * the server it measures: one request at a time, answers with a Content-Length, of which only the status is looked at.
 */
import { once } from "node:events";
import { connect } from "node:net";

export interface RawConnection {
  /** Sends a whole request; `onAnswer` is called once per request. */
  send(request: Buffer): void;
  close(): void;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** `onAnswer` gets the status; `onLost` is called if the connection ends without `close`. */
export async function openRawConnection(
  url: string,
  onAnswer: (status: number) => void,
  onLost: (error: Error) => void,
): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  let isClosing = false;
  let status = 0;
  /** Of the answer that is arriving; undefined while its head has not come. */
  let missing: number | undefined;
  let head = Buffer.alloc(0);

  const read = (bytes: Buffer): void => {
    if (missing === undefined) {
      const start = head.byteLength === 0 ? bytes : Buffer.concat([head, bytes]);
      const end = start.indexOf(HEAD_END);
      if (end === -1) {
        head = Buffer.from(start);
        return;
      }
      const text = start.toString("latin1", 0, end);
      const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
      if (length === undefined) throw new Error("an answer without a Content-Length");
      head = Buffer.alloc(0);
      status = Number(text.slice(9, 12));
      missing = Number(length) - (start.byteLength - end - HEAD_END.byteLength);
    } else {
      missing -= bytes.byteLength;
    }
    if (missing > 0) return;
    missing = undefined;
    onAnswer(status);
  };

  const socket = connect({
    host: hostname,
    port: Number(port),
    noDelay: true,
    onread: {
      buffer: Buffer.alloc(64 * 1024),
      callback(count, buffer) {
        read(Buffer.from(buffer.buffer, buffer.byteOffset, count));
        return true;
      },
    },
  });
  await once(socket, "connect");
  socket.on("error", (error) => onLost(error));
  socket.on("close", () => {
    if (!isClosing) onLost(new Error("the server closed a connection"));
  });
  return {
    send: (request) => void socket.write(request),
    close() {
      isClosing = true;
      socket.destroy();
    },
  };
}
