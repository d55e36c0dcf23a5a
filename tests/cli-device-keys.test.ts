/** What opens an account on a device: its passcode, its recovery words, and the codes of the second factor. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder, type ServerProcess, startServerProcess } from "@holdfast/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { kitOf, wordAsked } from "./cli/recovery-kit.ts";
import { type CliAnswer, jsonOf, runCli } from "./cli/run-cli.ts";
import { type Reply, talkToCli } from "./cli/talk-to-cli.ts";
import { totp } from "./protocol-4/totp.ts";

const id = "ann@example.com";
const given = { HOLDFAST_PASSWORD: "gravel umbrella cactus lantern" };
const pin = "4711-4711";

let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;
let typed: Env;

type Env = Readonly<Record<string, string>>;

async function run(profile: string, args: readonly string[], env: Env = {}): Promise<CliAnswer> {
  return await runCli(["--profile", join(folder.path, profile), ...args], { env });
}

async function ok(profile: string, args: readonly string[], env: Env = {}) {
  return jsonOf(await run(profile, [...args, "--json"], env));
}

async function codeOf(profile: string, args: readonly string[], env: Env = {}): Promise<string> {
  const { exitCode, stdout } = await run(profile, [...args, "--json"], env);
  expect(exitCode).toBe(1);
  return (JSON.parse(stdout) as { error: { code: string } }).error.code;
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  server = await startServerProcess({ dataDir: join(folder.path, "host") });
  const made = await ok("one", ["--server", server.url, "register", id, "--show-words"], given);
  typed = { HOLDFAST_RECOVERY_WORDS: (made["recoveryWords"] as string[]).join(" ") };
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const minutes = 60_000;

it(
  "[CLI-30] [CLI-47] a mistyped code costs nothing; mfa codes gives new recovery codes, and the ones before work no more",
  async () => {
    let secret = "";
    const enabled = await talkToCli(
      ["--profile", join(folder.path, "one"), "mfa", "enable"],
      [
        [
          "The code that the app shows:",
          (seen) => {
            secret = /^ {2}([A-Z2-7]{32})$/mu.exec(seen)?.[1] ?? "";
            return "000000";
          },
        ],
        [/not the code[^]*The code that the app shows:/u, "12345"],
        [
          /not the code[^]*The code that the app shows:/u,
          () => totp(secret, 0).replace(/^.../u, "$& "),
        ],
      ],
    );
    expect(enabled.exitCode).toBe(0);
    const [old = ""] = /(?<=^ {2})\S+/mu.exec(enabled.stdout) ?? [];
    const { recoveryCodes } = await ok("one", ["mfa", "codes"]);
    const [fresh = ""] = recoveryCodes as string[];
    const login = ["--server", server.url, "login", id];
    const env = (code: string) => ({ ...given, HOLDFAST_MFA_CODE: code });
    expect(await codeOf("two", login, env(old))).toBe("mfa-refused");
    expect(await codeOf("two", login, env("123"))).toBe("mfa-refused");
    await ok("two", login, env(fresh));
    expect(await ok("two", ["account", "show"])).toMatchObject({ recoveryCodesLeft: 9 });
    await ok("one", ["mfa", "disable"]);
    expect(await codeOf("one", ["mfa", "codes"])).toBe("mfa-off");
  },
  minutes,
);

it(
  "[CLI-46] words that were written down for an account that was not made are said to open nothing",
  async () => {
    let words: readonly string[] = [];
    const word: Reply = [/Word \d+ of them:/u, (seen) => wordAsked(seen, words)];
    const again = await talkToCli(
      ["--profile", join(folder.path, "again"), "--server", server.url, "register", id],
      [
        [
          "Press Enter",
          (seen) => {
            words = kitOf(seen);
            return "";
          },
        ],
        word,
        word,
        word,
      ],
      { env: given },
    );
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain("an account of this address already");
    expect(again.stderr).toContain("The words just shown open nothing");
  },
  minutes,
);

it(
  "[CLI-33] login asks for the password where another device changed it, and the keys at hand open nothing any more",
  async () => {
    const changed = "seven unrelated walrus bicycles";
    await ok("one", ["change-password"], { HOLDFAST_NEW_PASSWORD: changed });
    const login = ["--profile", join(folder.path, "two"), "login"];
    const asked = await talkToCli(login, [[/no longer takes the keys[^]*Password:/u, changed]]);
    expect(asked).toMatchObject({ exitCode: 0 });
    expect(asked.stdout).toMatch(/^Logged in as ann@example\.com/u);
  },
  minutes,
);

it(
  "[CLI-24] recovery remove lets no words open the account any more, after a yes",
  async () => {
    expect((await run("two", ["recovery", "remove"])).exitCode).toBe(2);
    const no = await talkToCli(
      ["--profile", join(folder.path, "two"), "recovery", "remove"],
      [["Remove them?", "n"]],
    );
    expect(no).toMatchObject({ exitCode: 1, stdout: "" });
    expect(await ok("two", ["account", "show"])).toMatchObject({ recovery: true });
    expect(await ok("two", ["recovery", "remove", "--yes"])).toMatchObject({ removed: true });
    const use = ["--server", server.url, "recovery", "use"];
    expect(await codeOf("new", use, typed)).toBe("unknown-recovery");
    const made = await ok("two", ["recovery", "create", "--show-words"]);
    typed = { HOLDFAST_RECOVERY_WORDS: (made["recoveryWords"] as string[]).join(" ") };
  },
  minutes,
);

it(
  "[CLI-51] an empty passcode and one that is soon guessed are refused with the reason, unless that one is allowed",
  async () => {
    const set = ["passcode", "set"];
    expect(await codeOf("one", set, { HOLDFAST_NEW_PASSCODE: "" })).toBe("empty-passcode");
    const at = ["--profile", join(folder.path, "one"), ...set];
    const short = await talkToCli(at, [["New passcode:", "12"]]);
    expect(short).toMatchObject({ exitCode: 1, stdout: "" });
    expect(short.stderr).toMatch(/whoever copies this device's files/u);
    expect(short.stderr).not.toContain("The same again");
    expect(await ok("one", ["fingerprint"])).toMatchObject({});
    const allowed = await run("one", [...set, "--allow-weak-passcode"], {
      HOLDFAST_NEW_PASSCODE: "12",
    });
    expect(allowed.exitCode).toBe(0);
    expect(allowed.stderr).toContain("is weak against that");
    await ok("one", ["passcode", "clear"], { HOLDFAST_PASSCODE: "12" });
  },
  minutes,
);

it(
  "[CLI-27] a missing passcode and a wrong one are told apart, by wallet commands too; at a terminal it is asked for again",
  async () => {
    await ok("one", ["passcode", "set"], { HOLDFAST_NEW_PASSCODE: pin });
    for (const command of [["sync"], ["account", "show"]]) {
      const missing = await run("one", command);
      expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
      expect(missing.stderr).toMatch(
        /under its passcode, which was not given\. Nothing was changed\..*HOLDFAST_PASSCODE or give --passcode-file FILE/su,
      );
    }
    const wrong = await run("one", ["pull"], { HOLDFAST_PASSCODE: "1" });
    expect(wrong).toMatchObject({ exitCode: 1, stdout: "" });
    expect(wrong.stderr).toMatch(
      /^This is not the passcode of this device\. Nothing was changed\./mu,
    );
    writeFileSync(join(folder.path, "pin"), `${pin}\n`);
    const file = ["--passcode-file", join(folder.path, "pin")];
    expect(await ok("one", ["sync", ...file])).toMatchObject({ sequence: 0 });
    const asked = await talkToCli(
      ["--profile", join(folder.path, "one"), "push"],
      [
        ["Passcode of this device:", "1"],
        [/not the passcode[^]*Passcode of this device:/u, pin],
      ],
    );
    expect(asked).toMatchObject({ exitCode: 0 });
    expect(asked.stdout).toMatch(/^Pushed\. /u);
  },
  minutes,
);

it(
  "[CLI-44] [CLI-46] [CLI-51] without the host no words are shown to be written down, and recovery use says what it did: nothing in a new profile, a new passcode where the old one is forgotten",
  async () => {
    await server.kill();
    const fresh = await run("new", ["--server", server.url, "recovery", "use"], typed);
    expect(fresh).toMatchObject({ exitCode: 1, stdout: "" });
    expect(fresh.stderr).toMatch(/could not be reached.*Nothing was opened/su);
    expect(await ok("new", ["status"])).toMatchObject({ account: null });

    for (const command of [["recovery", "create"], ["rotate-keys"]]) {
      const nobody = await talkToCli(["--profile", join(folder.path, "two"), ...command], []);
      expect(nobody).toMatchObject({ exitCode: 1, stdout: "" });
      expect(nobody.stderr).toContain("could not be reached");
      expect(nobody.stderr).not.toContain("recovery kit");
    }

    const words = Object.values(typed)[0]?.split(" ") ?? [];
    const others = [...words.slice(1), words[0]].join(" ");
    const wrong = await run("one", ["recovery", "use"], { HOLDFAST_RECOVERY_WORDS: others });
    expect(wrong.exitCode).toBe(1);
    expect(await codeOf("one", ["fingerprint"])).toBe("passcode-needed");
    const short = { ...typed, HOLDFAST_NEW_PASSCODE: "0815" };
    expect(await codeOf("one", ["recovery", "use"], short)).toBe("weak-passcode");
    expect(await codeOf("one", ["fingerprint"])).toBe("passcode-needed");
    const opened = await run("one", ["recovery", "use"], {
      ...typed,
      HOLDFAST_NEW_PASSCODE: "0815-0815",
    });
    expect(opened.exitCode).toBe(0);
    expect(opened.stdout).toMatch(
      /new passcode\.\nThe host could not be reached, .* no new session/u,
    );
    expect(await codeOf("one", ["fingerprint"], { HOLDFAST_PASSCODE: pin })).toBe("wrong-passcode");
    const open = await run("two", ["recovery", "use"], typed);
    expect(open.stdout).toContain("was open here already: nothing was changed.");
  },
  minutes,
);
