import { once } from "node:events";
import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createTemporaryFolder, startServerProcess, type ServerProcess } from "@holdfast/testing";
import {
  addAccount,
  createAccount,
  emptyWallet,
  formatWalletFile,
  inspectWallet,
  parseWallet,
} from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliAnswer, type CliOptions, jsonOf, runCli, spawnCli } from "./cli/run-cli.ts";
import { talkToCli } from "./cli/talk-to-cli.ts";

const email = "joe2@example.com";
const password = "123abc2 – with a space, and ünïcode";

let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;
let registered: CliAnswer;
const outputs: string[] = [];

function profileArgs(device: string): readonly string[] {
  return ["--profile", join(folder.path, device)];
}

async function run(
  device: string,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliAnswer> {
  const answer = await runCli([...profileArgs(device), ...args], { cwd: folder.path, ...options });
  outputs.push(answer.stdout, answer.stderr);
  return answer;
}

/** Runs a command that must succeed, and gives its JSON answer. */
async function ok(
  device: string,
  ...args: readonly string[]
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await run(device, [...args, "--json"]);
  return jsonOf(answer);
}

interface SavedProfile {
  readonly session: { readonly token: string };
  readonly secrets: Readonly<Record<string, string>>;
}

function readProfile(device: string): SavedProfile {
  return JSON.parse(
    readFileSync(join(folder.path, device, "profile.json"), "utf8"),
  ) as SavedProfile;
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  server = await startServerProcess({ dataDir: join(folder.path, "host") });
  writeFileSync(join(folder.path, "password"), `${password}\n`, { mode: 0o600 });
  const flags = ["--server", server.url, "--password-file"];
  registered = await run("one", ["register", email, "--protocol", "3", ...flags, "password"]);
  await ok("one", "login");
  jsonOf(
    await run("two", ["login", email, "--protocol", "3", ...flags, "-", "--json"], {
      input: `${password}\n`,
    }),
  );
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

describe("an account on two devices", () => {
  it("[CLI-4] a password comes from a file or from standard input, without its final line break", () => {
    const stored = ["one", "two"].map((device) => readProfile(device).secrets["walletPassword"]);
    expect(stored).toEqual([password, password]);
  });

  it("[CLI-1] what is no answer stays off standard output", () => {
    expect(registered.stdout).toMatch(
      /^Registered joe2@example\.com at \S+\nSalt seed: [0-9a-f]{64}\nNext: `holdfast login`\.\n$/u,
    );
    expect(registered.stderr).toBe("Deriving keys…\n");
  });

  it("[CLI-12] deriving keys takes seconds, and says so on standard error", () => {
    expect(outputs.join("")).toContain("Deriving keys…\n");
  });

  it("[CLI-3] status tells what the device knows", async () => {
    expect(await ok("one", "status")).toMatchObject({
      account: email,
      server: server.url,
      passwordKnown: true,
      loggedIn: true,
      syncedSequence: 0,
      localChanges: false,
    });
    const { stdout } = await run("one", ["status"]);
    expect(stdout).toMatch(/^Session {4}logged in until \d{4}-/mu);
  });

  it("[CLI-11] a server that is not the profile's is refused", async () => {
    const answer = await run("one", ["push", "--server", "http://localhost:1"]);
    expect(answer).toMatchObject({ exitCode: 2, stdout: "" });
    expect(answer.stderr).toContain(`This profile belongs to ${server.url}`);
  });

  it("[CLI-16] preferences are text, or JSON that begins with [ or {, or JSON on request", async () => {
    await ok("one", "pref", "set", "animal", "cow");
    await ok("one", "pref", "set", "shared", '{"type": "object", "n": 1.0}');
    await ok("one", "pref", "set", "number", "5");
    await ok("one", "pref", "set", "enable-sync", "true", "--json-value");
    const { stdout } = await run("one", ["pref", "list", "--json"]);
    expect(stdout).toBe(
      '{"preferences": {"animal": "cow", "enable-sync": true, "number": "5", "shared": {"type": "object", "n": 1.0}}}\n',
    );
    expect((await run("one", ["pref", "get", "animal"])).stdout).toBe("cow\n");
    expect((await run("one", ["pref", "get", "shared"])).stdout).toBe(
      '{"type": "object", "n": 1.0}\n',
    );
    const missing = await run("one", ["pref", "get", "car"]);
    expect(missing).toMatchObject({ exitCode: 1, stdout: "" });
    expect(missing.stderr).toContain("no preference called “car”");
  });

  it("sync brings both devices together, whoever changed what", async () => {
    expect(await ok("one", "sync")).toMatchObject({ sequence: 1, pushed: true });
    await ok("two", "pref", "set", "car", "Audi");
    expect(await ok("two", "sync")).toEqual({
      sequence: 2,
      pulled: true,
      merged: true,
      pushed: true,
      conflicts: 0,
    });
    expect(await ok("one", "sync")).toMatchObject({ sequence: 2, pulled: true, pushed: false });
    expect(await ok("one", "pref", "list")).toEqual(await ok("two", "pref", "list"));
    expect((await run("one", ["sync"])).stdout).toBe("Already in sync at revision 2.\n");
  });
});

describe("conflicts", () => {
  const theme = 'Two devices changed the preference "theme": one to "blue", the other to "light".';

  it("[CLI-19] what two devices changed differently is listed on both, decided on one, and gone on both", async () => {
    // In the same second or later: either way the second edit's value is the one that is shown.
    await ok("one", "pref", "set", "theme", "blue");
    await ok("two", "pref", "set", "theme", "light");
    await ok("one", "sync");
    const pulled = await run("two", ["pull"]);
    expect(pulled.stdout).toContain("1 conflict needs your decision: `holdfast conflicts list`");
    expect(await ok("two", "sync")).toMatchObject({ pushed: true, conflicts: 1 });
    expect((await run("one", ["sync"])).stdout).toContain("`holdfast conflicts list` shows it.");
    expect((await run("one", ["status"])).stdout).toContain("1 conflict needs your decision");

    const lists = [];
    for (const device of ["one", "two"]) {
      const { stdout } = await run(device, ["conflicts", "list"]);
      expect(stdout).toMatch(/^[0-9a-f]{8} {2}Two devices/u);
      expect(stdout).toContain(theme);
      lists.push(stdout);
    }
    expect(lists[0]).toBe(lists[1]);
    const id = lists[0]?.slice(0, 8) ?? "";
    const shown = await run("one", ["conflicts", "show", id]);
    expect(shown.stdout).toContain('2: "light" (shown now)\n   Keeping it changes nothing.\n');
    expect(shown.stdout).toContain(
      '1: "blue"\n   The preference "theme" changed from "light" to "blue".\n',
    );

    expect(await ok("one", "conflicts", "resolve", id, "--keep", "1")).toMatchObject({
      conflicts: 0,
      localChanges: true,
    });
    expect(await ok("one", "sync")).toMatchObject({ pushed: true, conflicts: 0 });
    expect(await ok("two", "sync")).toMatchObject({ pulled: true, merged: false, conflicts: 0 });
    for (const device of ["one", "two"]) {
      expect(await ok(device, "conflicts", "list")).toEqual({ conflicts: [] });
      expect(await ok(device, "pref", "get", "theme")).toMatchObject({ value: "blue" });
      expect((await ok(device, "status"))["localChanges"]).toBe(false);
    }
    const gone = await run("two", ["conflicts", "show", id]);
    expect(gone).toMatchObject({ exitCode: 1, stdout: "" });
    expect(gone.stderr).toContain("no such open conflict");
  });

  it("[CLI-19] the preference that holds them is hidden, and refused with a sentence", async () => {
    expect((await run("one", ["pref", "list"])).stdout).not.toContain("holdfast-sync");
    for (const command of [["get"], ["set", "x"]]) {
      const [verb = "", ...value] = command;
      const answer = await run("one", ["pref", verb, "holdfast-sync", ...value]);
      expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
      expect(answer.stderr).toContain("where Holdfast keeps conflicts");
    }
  });
});

describe("wallet import and export", () => {
  const account = createAccount({ name: "Imported", now: 1_660_000_000, randomBytes: fixedBytes });
  const imported = formatWalletFile(addAccount(emptyWallet(), account));

  it("imports a wallet with an account of its own, and every device gets it", async () => {
    writeFileSync(join(folder.path, "my_wallet"), imported);
    expect(await ok("two", "wallet", "import", "my_wallet")).toEqual({
      how: "merged",
      localChanges: true,
      conflicts: 0,
    });
    await ok("two", "push");
    await ok("one", "pull");
    const { stdout } = await run("one", ["wallet", "export"]);
    expect(stdout).toBe(formatWalletFile(parseWallet(stdout)));
    const summary = inspectWallet(parseWallet(stdout));
    expect(summary.accounts.map(({ name }) => name)).toEqual(["Imported"]);
    expect(summary.preferenceNames).toContain("car");
  });

  it("[CLI-52] JSON that is plainly no wallet is neither imported nor linked", async () => {
    const text = JSON.stringify({ name: "holdfast", version: "0.0.0" });
    writeFileSync(join(folder.path, "package.json"), text);
    const before = await run("two", ["wallet", "export"]);
    const refused = await run("two", ["wallet", "import", "package.json"]);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toBe(
      "Cannot use “package.json” as a wallet. This is JSON, but no LBRY wallet: it has neither accounts nor preferences.\n",
    );
    expect(await run("two", ["wallet", "export"])).toEqual(before);
    const args = [
      "--server",
      server.url,
      "--wallet",
      "package.json",
      "--password-file",
      "password",
    ];
    for (const command of ["register", "login"])
      for (const protocol of ["3", "4"]) {
        const linked = await run("new", [
          command,
          email,
          "--protocol",
          protocol,
          ...args,
          ...(command === "register" ? ["--allow-weak-password"] : []),
        ]);
        expect(linked).toMatchObject({ exitCode: 1, stdout: "" });
        expect(linked.stderr).toContain("neither accounts nor preferences");
      }
    expect(readFileSync(join(folder.path, "package.json"), "utf8")).toBe(text);
  });

  it("[CLI-17] an exported file is the owner's alone, and replaces none unasked", async () => {
    await ok("one", "wallet", "export", "exported");
    const path = join(folder.path, "exported");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, "mine");
    const refused = await run("one", ["wallet", "export", "exported"]);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(readFileSync(path, "utf8")).toBe("mine");
    await ok("one", "wallet", "export", "exported", "--force");
    expect(readFileSync(path, "utf8")).toContain("Imported");
  });
});

describe("watch", () => {
  it("[CLI-14] hears of a push, pulls it, prints a line per event, and ends with exit code 0", async () => {
    const watcher = spawnCli([...profileArgs("two"), "watch", "--json"]);
    const lines = createInterface({ input: watcher.stdout })[Symbol.asyncIterator]();
    const nextEvent = async (name: string): Promise<Readonly<Record<string, unknown>>> => {
      for (;;) {
        const { done, value } = await lines.next();
        if (done === true) throw new Error(`the watch ended before "${name}"`);
        outputs.push(value);
        const event = JSON.parse(value) as Readonly<Record<string, unknown>>;
        if (event["event"] === name) return event;
      }
    };
    expect(await nextEvent("connected")).toEqual({ event: "connected" });
    expect(await nextEvent("acted")).toMatchObject({ how: "up-to-date" });

    const socket = await openSocket(readProfile("one").session.token);
    const announced = once(socket, "message");
    await ok("one", "pref", "set", "animal", "horse");
    const { sequence } = await ok("one", "push");
    const [message] = (await announced) as [MessageEvent<string>];
    expect(message.data).toBe(`wallet-update:${String(sequence)}`);
    socket.close();

    expect(await nextEvent("notice")).toEqual({ event: "notice", sequence });
    expect(await nextEvent("acted")).toMatchObject({ how: "nothing-to-merge", sequence });
    expect(await ok("two", "pref", "get", "animal")).toMatchObject({ value: "horse" });

    watcher.kill("SIGINT");
    expect(await nextEvent("stopped")).toEqual({ event: "stopped" });
    const [exitCode] = (await once(watcher, "close")) as [number | null];
    expect(exitCode).toBe(0);
  });

  it("[CLI-20] sync --watch pushes what another command changes on the same device", async () => {
    const agent = spawnCli([...profileArgs("two"), "sync", "--watch", "--json"]);
    const lines = createInterface({ input: agent.stdout })[Symbol.asyncIterator]();
    const nextActed = async (matches: (event: Record<string, unknown>) => boolean) => {
      for (;;) {
        const { done, value } = await lines.next();
        if (done === true) throw new Error("the agent ended");
        outputs.push(value);
        const event = JSON.parse(value) as Record<string, unknown>;
        if (event["event"] === "acted" && matches(event)) return event;
      }
    };
    await nextActed(({ pushed }) => pushed === false);
    await ok("two", "pref", "set", "car", "Audi");
    const { sequence } = await nextActed(({ pushed }) => pushed === true);
    expect(await ok("one", "pull")).toMatchObject({ sequence });
    expect(await ok("one", "pref", "get", "car")).toMatchObject({ value: "Audi" });
    agent.kill("SIGINT");
    expect((await once(agent, "close"))[0]).toBe(0);
  });

  it("[CLI-20] for people, what ends a watch is on standard error alone, and why a host is out of reach is said once", async () => {
    const ended = await run("nobody", ["watch"]);
    expect(ended).toMatchObject({ exitCode: 1, stdout: "" });
    expect(ended.stderr).toMatch(/^This profile has no account yet/u);

    // A copy of the device, at a host that is away.
    const away = join(folder.path, "away");
    cpSync(join(folder.path, "two"), away, { recursive: true });
    const path = join(away, "profile.json");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll(server.url, "http://127.0.0.1:9"));
    const agent = spawnCli([...profileArgs("away"), "sync", "--watch"]);
    const seen: string[] = [];
    for await (const line of createInterface({ input: agent.stdout })) {
      seen.push(line);
      if (seen.filter((text) => text.startsWith("Not connected")).length === 2) break;
    }
    agent.kill("SIGINT");
    await once(agent, "exit");
    expect(seen.filter((text) => text.includes("could not be reached"))).toHaveLength(1);
  });

  it("[CLI-46] upgrade finds the host before it asks for anything or shows words", async () => {
    const refused = await talkToCli([...profileArgs("away"), "upgrade"], []);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toContain("could not be reached");
    expect(refused.stderr).not.toContain("recovery kit");
  });

  it("[CLI-21] looking at a host that did nothing wrong says so, and flags that contradict each other are refused", async () => {
    expect(await ok("two", "sync", "--look")).toEqual({ shows: null, differences: [] });
    const { exitCode } = await run("two", ["sync", "--look", "--heal"]);
    expect(exitCode).toBe(2);
  });

  async function openSocket(token: string): Promise<WebSocket> {
    const url = new URL(`${server.url.replace("http", "ws")}/api/3/websocket`);
    url.searchParams.set("token", token);
    const socket = new WebSocket(url);
    await once(socket, "open");
    return socket;
  }
});

describe("logout", () => {
  it("forgets password, keys and token; the wallet stays, and a login goes on", async () => {
    await ok("two", "pref", "set", "animal", "beaver");
    const known = readProfile("two");
    const { stdout } = await run("two", ["logout"]);
    expect(stdout).toContain("changes that were never pushed");
    const forgotten = readFileSync(join(folder.path, "two", "profile.json"), "utf8");
    for (const secret of [known.session.token, ...Object.values(known.secrets)]) {
      expect(forgotten).not.toContain(secret);
    }
    expect((await run("two", ["push"])).exitCode).toBe(1);
    expect((await run("two", ["login"])).exitCode).toBe(2);
    expect(await ok("two", "pref", "get", "animal")).toMatchObject({ value: "beaver" });

    await ok("two", "login", "--password-file", "password");
    expect(await ok("two", "sync")).toMatchObject({ pushed: true });
    await ok("one", "sync");
    expect(await ok("one", "pref", "get", "animal")).toMatchObject({ value: "beaver" });
  });
});

describe("secrets", () => {
  it("[CLI-13] no password, key or token was printed by any of these commands", () => {
    const printed = outputs.join("\n");
    const secrets = ["one", "two"].flatMap((device) => {
      const { session, secrets } = readProfile(device);
      return [session.token, ...Object.values(secrets)];
    });
    expect(secrets).toContain(password);
    expect(secrets.length).toBeGreaterThanOrEqual(10);
    for (const secret of secrets) expect(printed).not.toContain(secret);
    // What they have in common with the host's own output.
    for (const secret of secrets) expect(server.output()).not.toContain(secret);
  });
});

function fixedBytes(length: number): Uint8Array {
  return new Uint8Array(length).map((_, index) => (index * 37 + 11) % 256);
}
