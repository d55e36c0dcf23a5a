import { CommanderError } from "commander";
import { createProgram } from "./program.ts";
import { surviveClosedPipes, terminal } from "./terminal/terminal.ts";

/** The `holdfast` command. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
surviveClosedPipes();
try {
  const given = process.argv.slice(2);
  const args = given.length === 0 ? ["--help"] : given;
  await (await createProgram(args)).parseAsync(args, { from: "user" });
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
// Whatever a library still holds open (a keep-alive socket) must not keep a finished command waiting.
await terminal.writeOut("");
process.exit();
