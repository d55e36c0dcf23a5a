import { styleText } from "node:util";
import { wrapLine } from "./wrap.ts";

/**
 * The standard streams of this process. Answers go to standard output and nothing else does; progress, prompts
 * and refusals go to standard error, so that a pipe only ever carries an answer.
 */
export const terminal = {
  /** Whether a person sits there to be asked: both ends of the conversation are a terminal. */
  isInteractive(): boolean {
    return process.stdin.isTTY && process.stderr.isTTY;
  },

  /** Writes an answer and waits until it is on its way, so that exiting afterwards cuts nothing off. */
  writeOut(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
    });
  },

  /** A line for people, as wide as the terminal; elsewhere, and in a pipe, it stays one line. */
  fitOut(line: string): string {
    return fit(process.stdout, line);
  },

  fitErr(line: string): string {
    return fit(process.stderr, line);
  },

  writeErr(text: string): void {
    process.stderr.write(text);
  },

  /** Shows something on the terminal's second screen: nothing of it is left on the first one, nor above it. */
  async onOtherScreen<T>(show: () => Promise<T>): Promise<T> {
    const leave = () => process.stderr.write("\u001b[?1049l");
    process.stderr.write("\u001b[?1049h\u001b[H");
    process.once("exit", leave);
    try {
      return await show();
    } finally {
      process.removeListener("exit", leave);
      leave();
    }
  },

  isOutTerminal(): boolean {
    return process.stdout.isTTY;
  },

  /** Styled for standard output, or the text as it is where styles are unwelcome (a pipe, NO_COLOR). */
  styleOut(format: Parameters<typeof styleText>[0], text: string): string {
    return styleText(format, text, { stream: process.stdout });
  },

  styleErr(format: Parameters<typeof styleText>[0], text: string): string {
    return styleText(format, text, { stream: process.stderr });
  },
};

function fit(stream: NodeJS.WriteStream, line: string): string {
  return stream.isTTY && stream.columns > 0 ? wrapLine(line, stream.columns) : line;
}

/**
 * Ends quietly when the reader of a pipe has seen enough (`holdfast … | head`); whoever closes a pipe asked for it.
 * Any other failure to write (a full disk) is an error.
 */
export function surviveClosedPipes(): void {
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`Holdfast could not write its answer: ${error.message}.\n`);
    process.exit(1);
  };
  process.stdout.on("error", onError);
  process.stderr.on("error", () => process.exit(1));
}
