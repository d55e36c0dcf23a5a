/**
 * For tests: `serve` as a process of its own, in the development profile, on a free port. SIGUSR2 ends the thread of the
 * database's writer, as a crash in it would.
 */
import { serve } from "../serve.ts";

process.once("worker", (writer) => process.once("SIGUSR2", () => void writer.terminate()));

process.exitCode = await serve({
  flags: { port: process.env["PORT"] ?? "0" },
  env: process.env,
  profile: "development",
});
