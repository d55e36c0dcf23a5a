import type { DatabaseSync } from "node:sqlite";

/** The single number that a query answers. */
export function readInteger(database: DatabaseSync, sql: string): number {
  const [value] = Object.values(database.prepare(sql).get() ?? {});
  if (typeof value !== "number") throw new TypeError(`not a number: ${sql}`);
  return value;
}
