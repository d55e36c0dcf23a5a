import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const binary = fileURLToPath(new URL("../../apps/cli/bin/holdfast.js", import.meta.url));

/** Where nothing of the person who runs the tests is, nor of another test. */
const home = mkdtempSync(join(tmpdir(), "holdfast-test-home-"));
/** Compiled code only; a cold one would double the time of each start. */
const cache = join(tmpdir(), "holdfast-test-cache");
process.once("exit", () => {
  rmSync(home, { recursive: true, force: true });
});

/** What a `holdfast` command came to. */
export interface CliAnswer {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  /** Beside PATH nothing is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Standard input; empty if not given. */
  readonly input?: string | Uint8Array;
}

/** Starts the command in a process of its own, as a person's shell does. */
export function spawnCli(
  args: readonly string[],
  { env = {}, cwd }: CliOptions = {},
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [binary, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], HOME: home, XDG_CACHE_HOME: cache, ...env },
  });
}

/** Runs the command to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliAnswer> {
  const child = spawnCli(args, options);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  // A command that needs no input may end before it has read all of it.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const [exitCode] = (await once(child, "close")) as [number | null];
  return {
    exitCode,
    stdout: Buffer.concat(stdout).toString("utf8"),
    stderr: Buffer.concat(stderr).toString("utf8"),
  };
}

/** The object that a successful command printed with `--json`; throws what the command said if it failed. */
export function jsonOf({ exitCode, stdout, stderr }: CliAnswer): Readonly<Record<string, unknown>> {
  if (exitCode !== 0) throw new Error(`exit code ${String(exitCode)}: ${stderr}`);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}
