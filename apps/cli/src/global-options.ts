import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { userDataFolder } from "@holdfast/client/node";
import { Option } from "commander";
import type { Command } from "commander";

/** Options that every command takes, before or after its name. */
export interface GlobalOptions {
  /** The folder with this device's state, absolute. */
  readonly profile: string;
  /** The host's base URL; undefined: the one the profile remembers, or the default. */
  readonly server: string | undefined;
  readonly json: boolean;
  /** Where a command that has the option is to read this device's passcode. */
  readonly passcodeFile: string | undefined;
}

export const defaultServer = "http://localhost:8090";

export function addGlobalOptions(program: Command): void {
  program
    .optionsGroup("Global Options:")
    .addOption(
      new Option("--profile <dir>", "folder that keeps this device's state")
        .env("HOLDFAST_PROFILE")
        .default(defaultProfile(), shortenHome(defaultProfile())),
    )
    .addOption(
      new Option(
        "--server <url>",
        `host to talk to (default: the profile's own, or ${defaultServer})`,
      ).env("HOLDFAST_SERVER"),
    )
    .option("--json", "answer with JSON, one object per line");
}

/** Whether an argument is a global option that stands alone. */
export function isGlobalFlag(arg: string): boolean {
  return arg === "--json";
}

/** Whether an argument is a global option with a value: in it after `=`, or the next argument. */
export function isGlobalOption(arg: string): boolean {
  return /^--(?:profile|server)(?:=|$)/u.test(arg);
}

export function readGlobalOptions(command: Command): GlobalOptions {
  const options = command.optsWithGlobals<{
    profile: string;
    server?: string;
    json?: true;
    passcodeFile?: string;
  }>();
  return {
    profile: resolve(options.profile),
    server: options.server,
    json: options.json === true,
    passcodeFile: options.passcodeFile,
  };
}

function defaultProfile(): string {
  return join(userDataFolder(), "default");
}

function shortenHome(path: string): string {
  return path.startsWith(homedir()) ? `~${path.slice(homedir().length)}` : path;
}
