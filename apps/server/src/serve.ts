/**
 * Runs a server as a process does: settings from flags and environment, words for people, until a signal says stop, or it
 * can store nothing any more. The first signal lets it finish, the second ends it at once.
 */
import { startServer } from "./main.ts";
import { ServerError } from "./server-error.ts";
import { describeProblems, describeStart } from "./settings/describe-start.ts";
import { parseSettings } from "./settings/parse-settings.ts";
import type { Environment, Flags } from "./settings/setting-reader.ts";
import type { Profile } from "./settings/settings.ts";

/** Longer than requests and sockets get, so that only a stuck disk is cut short. */
const STOP_DEADLINE_MS = 15_000;

/**
 * Resolves with the exit code once the server has stopped: 0 after a signal; 1 when it could not start, or could not go on
 * (P3-75), so that whoever watches over the process starts it again.
 */
export async function serve(input: {
  readonly flags: Flags;
  readonly env: Environment;
  readonly profile: Profile;
}): Promise<number> {
  const parsed = parseSettings(input);
  if (parsed.type === "invalid") {
    process.stderr.write(describeProblems(parsed.problems));
    return 1;
  }
  const stopped = nextSignal();
  try {
    const server = await startServer(parsed.settings);
    // Where the log is for programs, it has standard output to itself.
    const forPeople = parsed.settings.log.format === "text" ? process.stdout : process.stderr;
    forPeople.write(describeStart(parsed.settings, server.url));
    const reason = await Promise.race([stopped, server.lost]);
    endWhenImpatient();
    await server.close();
    if (reason === undefined) return 0;
    process.stderr.write(`${reason.message}\n`);
    return 1;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve());
  });
}

function endWhenImpatient(): void {
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(1));
  setTimeout(() => {
    process.stderr.write("Stopping took too long. What was acknowledged is on disk.\n");
    process.exit(1);
  }, STOP_DEADLINE_MS).unref();
}
