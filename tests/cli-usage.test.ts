import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createTemporaryFolder } from "@holdfast/testing";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { type Chapter, chapters } from "../apps/cli/src/command-table.ts";
import { createProgram } from "../apps/cli/src/program.ts";
import { jsonOf, runCli } from "./cli/run-cli.ts";
import { talkToCli } from "./cli/talk-to-cli.ts";

let folder: ReturnType<typeof createTemporaryFolder>;
let profile: readonly string[];

beforeAll(() => {
  folder = createTemporaryFolder();
  profile = ["--profile", `${folder.path}/profile`];
});
afterAll(() => folder.remove());

/** `wallet pack`, `sync`, …: all that can be run. */
function commandsOf(chapters: readonly Chapter[], before: readonly string[] = []): string[] {
  const all = chapters.flatMap(({ commands }) => Object.entries(commands));
  return all.flatMap(([name, command]) => {
    const path = [...before, name];
    return typeof command === "function" ? [path.join(" ")] : commandsOf(command.chapters, path);
  });
}

describe("help", () => {
  it("[CLI-2] alone, the command explains itself", async () => {
    const answer = await runCli([]);
    expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
    for (const group of ["Account:", "Sync:", "Wallet:", "Host:", "Global Options:", "Examples:"]) {
      expect(answer.stdout).toContain(group);
    }
  });

  it.each(commandsOf(chapters))(
    "[CLI-4] %s explains itself with examples, and takes no password as an argument",
    async (name) => {
      let help = "";
      const args = [...name.split(" "), "--help"];
      const program = await createProgram(args, { writeOut: (text) => (help += text) });
      expect(() => program.parse(args, { from: "user" })).toThrow("(outputHelp)");
      expect(help).toContain(`Usage: holdfast ${name}`);
      expect(help).toContain("Examples:");
      expect(help).not.toMatch(/<(?:new-)?password>/iu);
    },
  );
});

test("[CLI-2] the guide has every command in its table", () => {
  const guide = readFileSync(new URL("../docs/guide/cli.md", import.meta.url), "utf8");
  const isMissing = (name: string) =>
    !guide.includes(`| \`${name}`) && !guide.includes(` · \`${name}`);
  expect(commandsOf(chapters).filter(isMissing)).toEqual([]);
});

describe("wrong usage", () => {
  it.each([
    ["an unknown command", ["pussh"], "Did you mean push?"],
    ["an unknown option", ["push", "--forse"], "unknown option"],
    ["a password as an argument", ["wallet", "unpack", "-", "--password", "x"], "unknown option"],
    ["a missing argument", ["pref", "set", "animal"], "missing required argument"],
    ["one argument too many", ["pull", "now"], "too many arguments"],
    ["no choice", ["conflicts", "resolve", "3f2a9c1b"], "--keep"],
    ["no number", ["lbrynet", "sync", "--watch", "--every", "0"], "whole number"],
    ["JSON that is none", ["pref", "set", "a", "{broken"], "not valid JSON"],
    ["no address", ["register"], "e-mail address"],
    ["no password", ["register", "joe@example.com"], "HOLDFAST_PASSWORD"],
  ])("[CLI-2] %s: exit code 2, and nothing on standard output", async (_, args, text) => {
    const answer = await runCli([...profile, ...args]);
    expect(answer).toMatchObject({ exitCode: 2, stdout: "" });
    expect(answer.stderr).toContain(text);
  });
});

describe("refusals", () => {
  it("[CLI-46] what is no address is refused before a password is asked for", async () => {
    const answer = await talkToCli([...profile, "register", "joe"], []);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toMatch(/^“joe” is no e-mail address, so nothing was done\./u);
  });

  it("[CLI-46] nobody writes recovery words down for a host that is not there", async () => {
    const answer = await talkToCli(
      [...profile, "register", "joe@example.com"],
      [
        ["Password:", "gravel umbrella cactus lantern"],
        ["The same again:", "gravel umbrella cactus lantern"],
      ],
      { env: { HOLDFAST_SERVER: "http://127.0.0.1:9" } },
    );
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain("The server could not be reached");
    expect(answer.stderr).not.toContain("recovery kit");
  });

  it("[CLI-23] a weak password is refused before it is to be typed again", async () => {
    const answer = await talkToCli(
      [...profile, "register", "joe@example.com"],
      [["Password:", "joe"]],
    );
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain("would soon be guessed");
    expect(answer.stderr).not.toContain("The same again");
  });

  it("[CLI-2] change-password without an account says so before it asks for anything", async () => {
    const answer = await talkToCli([...profile, "change-password"], []);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toMatch(/^This profile has no account yet/u);
  });

  it("[CLI-47] a mistake points to the help of the command that it was made in", async () => {
    const inner = await runCli(["conflicts", "resolve", "3f2a9c1b"]);
    expect(inner.stderr).toMatch(/\nSee holdfast conflicts resolve --help\.\n$/u);
    const outer = await runCli(["pussh"]);
    expect(outer.stderr).toMatch(/\nSee holdfast --help\.\n$/u);
  });

  it("[CLI-47] a file that is no wallet is named", async () => {
    const file = fileURLToPath(new URL("../README.md", import.meta.url));
    const answer = await runCli(["wallet", "inspect", file]);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toMatch(
      /^Cannot use “.*README\.md” as a wallet\. This is not valid JSON/u,
    );
  });

  it("[CLI-2] exit code 1 and a sentence that says what to do next", async () => {
    const answer = await runCli([...profile, "push"]);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toBe(
      "This profile has no account yet. Register, or log in with an address and password.\n",
    );
  });

  it("[CLI-3] with --json the answer is an error with a stable code", async () => {
    const answer = await runCli([...profile, "push", "--json"]);
    expect(answer.exitCode).toBe(1);
    expect(JSON.parse(answer.stdout)).toEqual({
      error: { code: "no-profile", message: answer.stderr.trimEnd() },
    });
  });

  it("[CLI-2] a host that is not there is a sentence that names its address, not a stack", async () => {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    listener.close();
    await once(listener, "close");
    const answer = await runCli(
      [...profile, "register", "joe@example.com", "--allow-weak-password"],
      { env: { HOLDFAST_PASSWORD: "123abc2", HOLDFAST_SERVER: url } },
    );
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain(
      `The server could not be reached: nothing listens at ${url}. Your wallet`,
    );
    expect(answer.stderr).not.toContain("    at ");
  });

  it("[CLI-9] a profile's name cannot steer the terminal", async () => {
    const answer = await runCli(["--profile", `${folder.path}/\u001b[2J`, "status"]);
    expect(answer.stdout).toContain(String.raw`/\u{1b}[2J.`);
  });

  it("[CLI-4] what is no text is no password", async () => {
    const answer = await runCli([...profile, "register", "joe@example.com"], {
      // How Node hands over bytes that are no UTF-8.
      env: { HOLDFAST_PASSWORD: "secret \u{fffd}" },
    });
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain("HOLDFAST_PASSWORD: it is not text");
  });

  it("[CLI-4] the empty password makes no account", async () => {
    const answer = await runCli([...profile, "register", "joe@example.com"], {
      env: { HOLDFAST_PASSWORD: "" },
    });
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toContain("An empty password protects nothing");
  });
});

describe("status", () => {
  it("[CLI-3] says that there is no account yet, which is an answer and no failure", async () => {
    const unused = ["--profile", `${folder.path}/unused`];
    const people = await runCli([...unused, "status"]);
    expect(people.exitCode).toBe(0);
    expect(people.stdout).toContain("No account yet");
    const scripts = await runCli([...unused, "status", "--json"]);
    expect(jsonOf(scripts)).toMatchObject({ account: null });
  });
});
