/**
 * The log: JSON lines, or short text for a terminal. What is logged are fields chosen one by one; of an error only its
 * kind, code, message and stack, so that no field of a library's error (an URL, a mail, a packet) slips in.
 */
import { pino, type Logger } from "pino";
import { formatLine } from "./format-line.ts";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
export const logLevels: readonly LogLevel[] = [
  "trace",
  "debug",
  "info",
  "warn",
  "error",
  "fatal",
  "silent",
];

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: "json" | "text";
  readonly output: TextOutput;
}

/** Where text goes, line by line. */
export interface TextOutput {
  write(text: string): unknown;
  /** Returns when what was written is out; absent where that is always so. */
  flushSync?(): void;
}

/** Bytes that may wait for a slow reader; what comes beyond is dropped, because a log must not stop the server. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Standard output that never makes the server wait, as writing to a full pipe would. */
export function openStandardOutput(): TextOutput {
  const output = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING_BYTES });
  return { write: (text) => output.write(text), flushSync: () => output.flushSync() };
}

export function createLog({ level, format, output }: LogOptions): Logger {
  const write =
    format === "json"
      ? (line: string) => output.write(line)
      : (line: string) => output.write(formatLine(line));
  return pino(
    {
      level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: createTimestamp(),
      serializers: { err: describeError },
    },
    { write },
  );
}

/** The time in ISO 8601. Under load many lines fall into one millisecond, and telling it is half of what a line costs. */
function createTimestamp(): () => string {
  let lastMs = Number.NaN;
  let last = "";
  return () => {
    const nowMs = Date.now();
    if (nowMs !== lastMs) {
      lastMs = nowMs;
      last = `,"time":"${new Date(nowMs).toISOString()}"`;
    }
    return last;
  };
}

interface ErrorFields {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  readonly cause?: ErrorFields;
}

const MAX_CAUSES = 5;

/** The loggable part of anything thrown. */
function describeError(thrown: unknown, depth = 0): ErrorFields {
  if (!(thrown instanceof Error))
    return { name: typeof thrown, message: "something that is no Error was thrown" };
  const { name, message, stack, cause } = thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  return {
    name,
    message,
    ...(typeof code === "string" ? { code } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || depth === MAX_CAUSES
      ? {}
      : { cause: describeError(cause, depth + 1) }),
  };
}
