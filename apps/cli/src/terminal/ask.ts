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
  return settle(() => password({ message, mask: false }, { output: process.stderr }));
}

/** A yes or a no, no by default; undefined where nobody can be asked. */
export async function askYes(message: string): Promise<boolean | undefined> {
  if (!terminal.isInteractive()) return undefined;
  const { confirm } = await import("@inquirer/prompts");
  return settle(() => confirm({ message, default: false }, { output: process.stderr }));
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
