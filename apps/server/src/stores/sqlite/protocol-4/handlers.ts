/** Protocol 4's writes, as SQL. Runs in the writer's thread, inside the group's transaction, each command in a savepoint. */
import type { DatabaseSync } from "node:sqlite";
import type { CommandHandlers } from "../command-handlers.ts";
import type { Command4 } from "./commands.ts";
import { createAccountWriter } from "./account-writer.ts";
import { createDeviceSessionHandlers } from "./device-session-handlers.ts";
import { createHolderHandlers } from "./holder-handlers.ts";
import { createRevisionHandlers, createRevisionWriter } from "./revision-handlers.ts";
import { createSecondFactorHandlers } from "./second-factor-handlers.ts";

export type Handlers4 = Pick<CommandHandlers, Command4["type"]>;

export function createHandlers4(database: DatabaseSync): Handlers4 {
  const revisions = createRevisionWriter(database);
  const accounts = createAccountWriter(database);
  return {
    ...createHolderHandlers(database, { accounts, revisions }),
    ...createDeviceSessionHandlers(database, accounts),
    ...createRevisionHandlers(database, { accounts, revisions }),
    ...createSecondFactorHandlers(database, accounts),
    ...createFactHandlers(database),
  };
}

function createFactHandlers(database: DatabaseSync): Pick<Handlers4, "remember-fact"> {
  const insert = database.prepare(
    "INSERT INTO host_facts (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const select = database.prepare("SELECT value FROM host_facts WHERE name = ?");
  return {
    "remember-fact"({ name, value }) {
      insert.run(name, value);
      return select.get(name)?.["value"] as string;
    },
  };
}
