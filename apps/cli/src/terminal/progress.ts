import { terminal } from "./terminal.ts";

const quietMs = 500;
const frameMs = 80;
const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Tells what a long step is doing now; `detail` (how far it is) is for spinners only. */
export type ReportProgress = (text: string, detail?: string) => void;

/**
 * Runs `work` and, once it has taken half a second, shows what it is doing on standard error: a spinner on a
 * terminal, which is wiped afterwards; elsewhere one plain line for each new text, or nothing with `onTerminalOnly`.
 */
export async function withProgress<T>(
  text: string,
  work: (report: ReportProgress) => Promise<T>,
  { onTerminalOnly = false }: { readonly onTerminalOnly?: boolean } = {},
): Promise<T> {
  if (onTerminalOnly && !process.stderr.isTTY) return work(() => undefined);
  const display = process.stderr.isTTY ? createSpinner() : createLines();
  let current = { text, detail: "" };
  let isVisible = false;
  const timer = setTimeout(() => {
    isVisible = true;
    display.show(current.text, current.detail);
  }, quietMs);
  try {
    return await work((nextText, detail = "") => {
      current = { text: nextText, detail };
      if (isVisible) display.show(nextText, detail);
    });
  } finally {
    clearTimeout(timer);
    display.stop();
  }
}

/** A line to a person while a spinner may be turning: it takes the spinner's place. */
export function remark(line: string): void {
  terminal.writeErr(`${process.stderr.isTTY ? "\r\u001b[2K" : ""}${line}\n`);
}

let questions = 0;

/** Asks the person something while a spinner may be turning: it holds still until they have answered. */
export async function whileAsking<T>(ask: () => Promise<T>): Promise<T> {
  questions += 1;
  if (process.stderr.isTTY) terminal.writeErr("\r\u001b[2K");
  try {
    return await ask();
  } finally {
    questions -= 1;
  }
}

interface Display {
  show(text: string, detail: string): void;
  stop(): void;
}

function createLines(): Display {
  let last = "";
  return {
    show(text) {
      if (text !== last) terminal.writeErr(`${text}…\n`);
      last = text;
    },
    stop() {},
  };
}

function createSpinner(): Display {
  let interval: NodeJS.Timeout | undefined;
  let line = "";
  let frame = 0;
  const draw = () => {
    if (questions > 0) return;
    const mark = terminal.styleErr("cyan", frames[frame % frames.length] ?? "");
    terminal.writeErr(`\r\u001b[2K${mark} ${line}`);
    frame += 1;
  };
  return {
    show(text, detail) {
      line = detail === "" ? `${text}…` : `${text}… ${terminal.styleErr("dim", detail)}`;
      interval ??= setInterval(draw, frameMs);
    },
    stop() {
      if (interval === undefined) return;
      clearInterval(interval);
      terminal.writeErr("\r\u001b[2K");
    },
  };
}
