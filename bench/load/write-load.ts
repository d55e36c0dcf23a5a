import { randomBytes } from "node:crypto";
import type { ChildServer } from "./child-server.ts";
import { max } from "./figures.ts";
import { openRawConnection, type RawConnection } from "./raw-connection.ts";

export interface WriteFigures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly serverErrors: number;
  /** Of the server's process, all threads. */
  readonly cpuMicrosecondsEach: number;
  /** Of the load generator, which is this process. */
  readonly loadMicrosecondsEach: number;
}

/** Where each account's sequence stands; the benchmark's writers are the only ones. */
export type Sequences = Map<string, number>;

const SEQUENCE_DIGITS = 9;
const encryptedWallet = randomBytes((8 * 1024 * 3) / 4).toString("base64");
const hmac = randomBytes(32).toString("hex");

/**
 * One writer per token, each POSTing its account's next 8 KiB wallet as soon as the last one was acknowledged.
 * Throws when a wallet is refused: every writer is alone on its account, so each of its writes must win.
 */
export async function measureWrites(
  server: ChildServer,
  tokens: readonly string[],
  sequences: Sequences,
  seconds: number,
): Promise<WriteFigures> {
  const latenciesMs: number[] = [];
  const refusals: number[] = [];
  let serverErrors = 0;
  let isOver = false;
  const finished = Promise.withResolvers<void>();
  let writing = tokens.length;

  const openWriter = async (token: string): Promise<{ start(): void; close(): void }> => {
    const request = createRequest(token);
    let sentAtMs = 0;
    const send = (): void => {
      const sequence = (sequences.get(token) ?? 0) + 1;
      request.sequence.write(sequence.toString().padStart(SEQUENCE_DIGITS), "latin1");
      sentAtMs = performance.now();
      connection.send(request.bytes);
    };
    const connection: RawConnection = await openRawConnection(
      server.url,
      (status) => {
        if (status === 200) latenciesMs.push(performance.now() - sentAtMs);
        else if (status >= 500) serverErrors += 1;
        else refusals.push(status);
        if (status === 200) sequences.set(token, (sequences.get(token) ?? 0) + 1);
        if (!isOver) send();
        else if (--writing === 0) finished.resolve();
      },
      finished.reject,
    );
    return { start: send, close: () => connection.close() };
  };

  const writers = await Promise.all(tokens.map(openWriter));
  const cpuBefore = await server.cpuMicroseconds();
  const loadBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  for (const writer of writers) writer.start();
  setTimeout(() => {
    isOver = true;
  }, seconds * 1000);
  await finished.promise;
  const tookSeconds = (performance.now() - startedAtMs) / 1000;
  const load = process.cpuUsage(loadBefore);
  const cpu = (await server.cpuMicroseconds()) - cpuBefore;
  for (const writer of writers) writer.close();

  if (refusals.length > 0) throw new Error(`${refusals.length} refusals, the first ${refusals[0]}`);
  latenciesMs.sort((a, b) => a - b);
  const at = (share: number): number =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * share))] ??
    Number.NaN;
  return {
    perSecond: latenciesMs.length / tookSeconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: max(latenciesMs.slice(-1)),
    serverErrors,
    cpuMicrosecondsEach: cpu / latenciesMs.length,
    loadMicrosecondsEach: (load.user + load.system) / latenciesMs.length,
  };
}

/** A whole request, and the part of it where the sequence is written: spaces before a number are JSON. */
function createRequest(token: string): { readonly bytes: Buffer; readonly sequence: Buffer } {
  const before = `{"token":"${token}","encryptedWallet":"${encryptedWallet}","sequence":`;
  const after = `,"hmac":"${hmac}"}`;
  const length = before.length + SEQUENCE_DIGITS + after.length;
  const head = `POST /api/3/wallet HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  const bytes = Buffer.from(`${head}${before}${" ".repeat(SEQUENCE_DIGITS)}${after}`, "latin1");
  const at = head.length + before.length;
  return { bytes, sequence: bytes.subarray(at, at + SEQUENCE_DIGITS) };
}
