/** For tests: `serve` as a process of its own, in the development profile, on a free port. */
import { serve } from "../serve.ts";

process.exitCode = await serve({
  flags: { port: process.env["PORT"] ?? "0" },
  env: process.env,
  profile: "development",
});
