import { inspect } from "node:util";
import type { Command } from "commander";
import type { CommandResult } from "./command-result.ts";
import { describeError } from "./describe-error.ts";
import type { GlobalOptions } from "./global-options.ts";
import { readGlobalOptions } from "./global-options.ts";
import type { JsonFields } from "./terminal/json-output.ts";
import { encodeJsonLine } from "./terminal/json-output.ts";
import { printable } from "./terminal/printable.ts";
import { terminal } from "./terminal/terminal.ts";

export interface CommandContext extends GlobalOptions {
  /** Answers at once, for commands that go on (`watch`): a line for people, or its fields with `--json`. */
  print(line: string, json: JsonFields): void;
  /** A remark for people on standard error: what they should know beside the answer. */
  note(line: string): void;
}

/**
 * Runs a command's body and prints what it answers. Sets the exit code: 0 done, 1 refused or failed with one
 * sentence on standard error (and, with `--json`, an `error` object as the answer), 2 wrong usage.
 */
export async function runCommand(
  command: Command,
  body: (context: CommandContext) => Promise<CommandResult>,
): Promise<void> {
  const globals = readGlobalOptions(command);
  const context: CommandContext = {
    ...globals,
    print: (line, json) => {
      const text = globals.json
        ? encodeJsonLine(json)
        : line
            .split("\n")
            .map((row) => terminal.fitOut(row))
            .join("\n");
      void terminal.writeOut(`${text}\n`);
    },
    note: (line) => terminal.writeErr(`${terminal.fitErr(line)}\n`),
  };
  try {
    await printResult(await body(context), globals);
  } catch (error) {
    const { code, message, exitCode } = describeError(error);
    await printRefusal(code, message, globals);
    if (process.env["HOLDFAST_DEBUG"] === "1") terminal.writeErr(`${inspect(error)}\n`);
    process.exitCode = exitCode;
  }
}

async function printResult(result: CommandResult, globals: GlobalOptions): Promise<void> {
  if (result.type === "refused") {
    await printRefusal(result.code, result.message, globals);
    process.exitCode = 1;
  } else if (globals.json) {
    await terminal.writeOut(`${encodeJsonLine(result.json)}\n`);
  } else if (result.type === "exact") {
    // A person's prompt should not stick to the text; a pipe or file gets the text alone.
    await terminal.writeOut(terminal.isOutTerminal() ? `${result.text}\n` : result.text);
  } else if (result.lines.length > 0) {
    await terminal.writeOut(`${result.lines.map((row) => terminal.fitOut(row)).join("\n")}\n`);
  }
}

async function printRefusal(code: string, message: string, globals: GlobalOptions): Promise<void> {
  terminal.writeErr(`${terminal.fitErr(printable(message))}\n`);
  if (globals.json) await terminal.writeOut(`${encodeJsonLine({ error: { code, message } })}\n`);
}
