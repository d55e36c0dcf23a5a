import { CliError } from "../cli-error.ts";
import { whileAsking } from "./progress.ts";
import { terminal } from "./terminal.ts";

/** Asks for a line of text on standard error; undefined where nobody can be asked. */
export async function askText(message: string): Promise<string | undefined> {
  if (!terminal.isInteractive()) return undefined;
  const { input } = await import("@inquirer/prompts");
  return settle(() => input({ message, required: true }, { output: process.stderr }));
}

/** Asks for a password, showing nothing of it; undefined where nobody can be asked. */
export async function askHidden(message: string): Promise<string | undefined> {
  if (!terminal.isInteractive()) return undefined;
  const { password } = await import("@inquirer/prompts");
  const style = { maskedText: "(hidden, Ctrl-T shows it)", keysHelpTip: () => "" };
  return settle(() =>
    password({ message, mask: false, theme: { style } }, { output: process.stderr }),
  );
}

/** Waits for Enter; whatever else is typed is not shown. Where nobody can be asked it does not wait. */
export async function askEnter(message: string): Promise<void> {
  if (!terminal.isInteractive()) return;
  const { input } = await import("@inquirer/prompts");
  await settle(() => input({ message, transformer: () => "" }, { output: process.stderr }));
}

/** A yes or a no, no by default; undefined where nobody can be asked. */
export async function askYes(message: string): Promise<boolean | undefined> {
  if (!terminal.isInteractive()) return undefined;
  const { confirm } = await import("@inquirer/prompts");
  return settle(() => confirm({ message, default: false }, { output: process.stderr }));
}

/** One of several, the first by default; undefined where nobody can be asked. */
export async function askChoice<Value>(
  message: string,
  choices: readonly { readonly name: string; readonly value: Value }[],
): Promise<Value | undefined> {
  if (!terminal.isInteractive()) return undefined;
  const { select } = await import("@inquirer/prompts");
  return settle(() => select({ message, choices }, { output: process.stderr }));
}

async function settle<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await whileAsking(ask);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ExitPromptError") {
      throw new CliError("interrupted", "Stopped at the question; nothing was changed.", { cause });
    }
    throw cause;
  }
}
