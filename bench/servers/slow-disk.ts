/**
 * Loaded before a server (`--import`, and so in its threads): each commit takes `HOLDFAST_BENCH_COMMIT_MS` longer, as on
 * a disk that takes that long to say that something is there for good. The server's own code is as it is.
 */
import { DatabaseSync } from "node:sqlite";

const extraMs = Number(process.env["HOLDFAST_BENCH_COMMIT_MS"]);
const clock = new Int32Array(new SharedArrayBuffer(4));
// oxlint-disable-next-line typescript/unbound-method -- called with its database below
const prepare = DatabaseSync.prototype.prepare;

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql, options) {
  const statement = prepare.call(this, sql, options);
  if (sql !== "COMMIT") return statement;
  const run = statement.run.bind(statement);
  statement.run = () => {
    const done = run();
    Atomics.wait(clock, 0, 0, extraMs);
    return done;
  };
  return statement;
};
