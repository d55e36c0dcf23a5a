/**
 * Brings a database to the shape this program knows, in one transaction: a start that fails half-way leaves the
 * database as it was. A database of a newer program or of another one is refused untouched.
 */
import type { DatabaseSync } from "node:sqlite";
import { ServerError } from "../../server-error.ts";
import { readInteger } from "./read-integer.ts";
import { SCHEMA_STEPS } from "./schema.ts";

/** "HFST": marks the file as ours (`PRAGMA application_id`). */
const APPLICATION_ID = 0x48_46_53_54;

export function migrate(database: DatabaseSync, steps: readonly string[] = SCHEMA_STEPS): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const stepsDone = readStepsDone(database, steps.length);
    for (const step of steps.slice(stepsDone)) database.exec(step);
    database.exec(
      `PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${steps.length}`,
    );
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function readStepsDone(database: DatabaseSync, stepsKnown: number): number {
  const applicationId = readInteger(database, "PRAGMA application_id");
  const stepsDone = readInteger(database, "PRAGMA user_version");
  const tables = readInteger(database, "SELECT count(*) FROM sqlite_schema");
  const isNew = applicationId === 0 && stepsDone === 0 && tables === 0;
  if (isNew) return 0;
  if (applicationId !== APPLICATION_ID) {
    throw new ServerError(
      "database-unusable",
      "The database in the data directory belongs to another program. Choose another data directory.",
    );
  }
  if (stepsDone > stepsKnown) {
    throw new ServerError(
      "database-unusable",
      `The database was written by a newer version of Holdfast (its form is ${stepsDone}, this version knows ${stepsKnown}). Nothing was changed. Start the newer version, or restore a backup made by this one.`,
    );
  }
  return stepsDone;
}
