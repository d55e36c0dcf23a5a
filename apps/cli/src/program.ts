import { readFileSync } from "node:fs";
import type { OutputConfiguration } from "commander";
import { Command } from "commander";
import { commandPath } from "./command-path.ts";
import { type Chapter, chapters } from "./command-table.ts";
import { addGlobalOptions } from "./global-options.ts";
import { examples, helpStyle } from "./help.ts";

/**
 * The command line as far as `args` need it; parsing them runs the command they name. `output` is where help goes, by default standard
 * output.
 */
export async function createProgram(
  args: readonly string[],
  output: OutputConfiguration = {},
): Promise<Command> {
  const program = new Command("holdfast");
  program
    .description("Hosts and syncs wallets without being able to read them.")
    .version(readVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "explain a command")
    .exitOverride()
    .configureOutput(output)
    .configureHelp(helpStyle)
    .addHelpText(
      "after",
      examples([
        "holdfast register joe@example.com   # once, on the first device",
        "holdfast login joe@example.com      # on each further device, or: holdfast pair show",
        "holdfast sync                       # whenever you like, or: holdfast watch",
      ]),
    );
  addGlobalOptions(program);
  await addChapters(program, chapters, commandPath(args));
  pointToHelp(program, "holdfast");
  program.commandsGroup("Help:").helpCommand("help [command]", "explain a command");
  return program;
}

/** Adds the command at `path`, or all of them. */
async function addChapters(
  parent: Command,
  chapters: readonly Chapter[],
  path: readonly string[] | undefined,
): Promise<void> {
  const [wanted, ...rest] = path ?? [];
  for (const { heading, commands } of chapters) {
    if (heading !== undefined) parent.commandsGroup(heading);
    for (const [name, command] of Object.entries(commands)) {
      if (wanted !== undefined && name !== wanted) continue;
      if (typeof command === "function") (await command())(parent);
      else {
        const group = parent.command(name).helpCommand(false).description(command.description);
        await addChapters(group, command.chapters, wanted === undefined ? undefined : rest);
      }
    }
  }
}

/** After a mistake, the help of the very command it was made in. */
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`See ${path} --help.`);
  for (const inner of command.commands) pointToHelp(inner, `${path} ${inner.name()}`);
}

function readVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
