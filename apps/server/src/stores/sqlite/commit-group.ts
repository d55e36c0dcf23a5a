/**
 * Runs a group of commands in one transaction, so that the disk is waited for once.
 *
 * Invariants: a command that fails is undone alone and the others stand; when the transaction itself is lost, nothing
 * of the group is kept and that is what the answer says.
 */
import type { DatabaseSync } from "node:sqlite";
import type { CommandHandlers } from "./command-handlers.ts";
import type { Command, CommandOutcomes, CommandResult, WriterAnswer } from "./commands.ts";

type GroupAnswer = Extract<WriterAnswer, { readonly type: "committed" | "not-committed" }>;

export function createGroupCommitter(
  database: DatabaseSync,
  handlers: CommandHandlers,
): (commands: readonly Command[]) => GroupAnswer {
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");
  const savepoint = database.prepare("SAVEPOINT command");
  const release = database.prepare("RELEASE command");
  const rollbackCommand = database.prepare("ROLLBACK TO command");

  const runAlone = (command: Command): CommandResult => {
    savepoint.run();
    try {
      const outcome = run(handlers, command);
      release.run();
      return { type: "done", outcome };
    } catch (error) {
      // A full disk, for one, makes SQLite give up the whole transaction; then there is nothing left to go back to.
      if (!database.isTransaction) throw error;
      rollbackCommand.run();
      release.run();
      return { type: "failed", reason: describe(error) };
    }
  };

  return (commands) => {
    try {
      begin.run();
      const results = commands.map(runAlone);
      commit.run();
      return { type: "committed", results };
    } catch (error) {
      if (database.isTransaction) rollback.run();
      return { type: "not-committed", reason: describe(error) };
    }
  };
}

function run<Type extends Command["type"]>(
  handlers: CommandHandlers,
  command: Command & { readonly type: Type },
): CommandOutcomes[Type] {
  const handler = handlers[command.type] as (command: Command) => CommandOutcomes[Type];
  return handler(command);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
