/** The stage of the walkthrough: a fresh host in a process of its own, two devices, and a record of what was typed and shown. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryFolder, startServerProcess } from "@holdfast/testing";
import { formatJson, type WalletDocument } from "@holdfast/wallet/lbry";
import { type CliAnswer, jsonOf, runCli, spawnCli } from "../cli/run-cli.ts";

/** One command as a reader of the page sees it. */
export interface Shown {
  readonly device: string;
  readonly command: string;
  /** Standard output and standard error, without progress. */
  readonly output: string;
}

/** The parts of a profile that the walkthrough looks at. */
interface SavedProfile {
  readonly saltSeed: string;
  readonly secrets: { readonly loginPassword: string; readonly hmacKey: string };
  readonly session: { readonly token: string } | null;
}

/** The revision a device knows to be on the host; `hash` is made of all of its bytes. */
interface SyncedRevision {
  readonly sequence: number;
  readonly hash: string;
}

export interface Device {
  /** Runs a command that must succeed. */
  run(command: string, env?: Passwords): Promise<CliAnswer>;
  /** Runs a command that must be refused. */
  refused(command: string, env?: Passwords): Promise<CliAnswer>;
  /** Starts a command that goes on: another device has to do something. */
  begin(command: string): RunningCommand;
  preferences(): Promise<Readonly<Record<string, unknown>>>;
  /** What a command answers with `--json`, without showing it. */
  ask(command: string): Promise<Readonly<Record<string, unknown>>>;
  /** The text of a file in the device's folder. */
  readText(name: string): string;
  /** Writes a wallet as another program would. */
  writeText(name: string, wallet: WalletDocument): void;
  profile(): SavedProfile;
  synced(): SyncedRevision;
}

interface RunningCommand {
  /** The first line of its answer. */
  firstLine(): Promise<string>;
  /** Waits for its end, which must be a success. */
  finish(): Promise<void>;
}

interface Passwords {
  readonly HOLDFAST_PASSWORD?: string;
  readonly HOLDFAST_NEW_PASSWORD?: string;
  readonly HOLDFAST_RECOVERY_WORDS?: string;
  readonly HOLDFAST_INVITATION?: string;
}

export interface Stage {
  readonly url: string;
  readonly laptop: Device;
  readonly desktop: Device;
  /** A further device, with an empty wallet of its own. */
  readonly device: (name: string) => Device;
  /** What was shown since the last call. */
  takeShown(): readonly Shown[];
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = createTemporaryFolder();
  const server = await startServerProcess({ dataDir: join(folder.path, "host") });
  let shown: Shown[] = [];

  function device(name: string, wallet?: string): Device {
    const home = join(folder.path, name);
    mkdirSync(home);
    if (wallet !== undefined) copyFileSync(walletFixture(wallet), join(home, wallet));
    const run = async (command: string, passwords: Passwords, exitCode: number) => {
      const env = { HOLDFAST_PROFILE: join(home, "profile"), HOLDFAST_SERVER: server.url };
      const answer = await runCli(splitCommand(command), {
        cwd: home,
        env: { ...env, ...passwords },
      });
      const typed = Object.entries(passwords).map(
        ([variable, value]) => `${variable}=${value.includes(" ") ? `'${value}'` : value}`,
      );
      const output = answer.stdout + withoutProgress(answer.stderr);
      shown.push({ device: name, command: [...typed, "holdfast", command].join(" "), output });
      assert.equal(answer.exitCode, exitCode, `${name}$ ${command}\n${output}`);
      return answer;
    };
    const begin = (command: string): RunningCommand => {
      const env = { HOLDFAST_PROFILE: join(home, "profile"), HOLDFAST_SERVER: server.url };
      const child = spawnCli(splitCommand(command), { cwd: home, env });
      // Where it began is where a reader looks for it.
      const place = shown.push({ device: name, command: `holdfast ${command}`, output: "" }) - 1;
      let output = "";
      let stdout = "";
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stdout.on("data", (chunk: Buffer) => {
        output += chunk.toString();
        stdout += chunk.toString();
      });
      const ended = once(child, "close") as Promise<[number | null]>;
      return {
        async firstLine() {
          while (!stdout.includes("\n")) await once(child.stdout, "data");
          return stdout.slice(0, stdout.indexOf("\n"));
        },
        async finish() {
          const [exitCode] = await ended;
          const text = withoutProgress(output);
          shown[place] = { device: name, command: `holdfast ${command}`, output: text };
          assert.equal(exitCode, 0, `${name}$ ${command}\n${text}`);
        },
      };
    };
    const ask = async (command: string) => {
      const answer = await run(`${command} --json`, {}, 0);
      shown.pop();
      return jsonOf(answer);
    };
    return {
      ask,
      begin,
      run: (command, passwords = {}) => run(command, passwords, 0),
      refused: (command, passwords = {}) => run(command, passwords, 1),
      async preferences() {
        const { preferences } = await ask("pref list");
        return preferences as Readonly<Record<string, unknown>>;
      },
      readText: (name) => readFileSync(join(home, name), "utf8"),
      writeText: (name, wallet) =>
        writeFileSync(join(home, name), formatJson(wallet, { indent: 4, sortKeys: true })),
      synced: () => {
        const state = readFileSync(join(home, "profile", "state.json"), "utf8");
        const { synced } = (JSON.parse(state) as { record: { synced: SyncedRevision } }).record;
        return { sequence: synced.sequence, hash: synced.hash };
      },
      profile: () =>
        JSON.parse(readFileSync(join(home, "profile", "profile.json"), "utf8")) as SavedProfile,
    };
  }

  return {
    url: server.url,
    laptop: device("laptop", "test_wallet_1"),
    desktop: device("desktop", "test_wallet_2"),
    device,
    takeShown() {
      const taken = shown;
      shown = [];
      return taken;
    },
    async close() {
      await server.stop();
      folder.remove();
    },
  };
}

/** Where the wallet file of that name lies that LBRY's own software wrote. */
export function walletFixture(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** Words as a shell sees them: what is in single quotes is one of them. */
function splitCommand(command: string): readonly string[] {
  return Array.from(command.matchAll(/'([^']*)'|\S+/gu), ([word, quoted]) => quoted ?? word);
}

/** How long something takes is no part of what happened. */
function withoutProgress(stderr: string): string {
  return stderr.replaceAll(/^[^\n]*…\n/gmu, "");
}
