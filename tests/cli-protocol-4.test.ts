/** The command line with accounts of protocol 4: few long stories, because each command is a process of its own. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { rememberProtocol4 } from "@holdfast/client";
import { openProtocolMemoryFolder } from "@holdfast/client/node";
import { createTemporaryFolder, startServerProcess, type ServerProcess } from "@holdfast/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliAnswer, jsonOf, runCli, spawnCli } from "./cli/run-cli.ts";
import { talkToCli } from "./cli/talk-to-cli.ts";
import { totp } from "./protocol-4/totp.ts";

const email = "ann@example.com";
const password = "gravel umbrella cactus lantern";
const newPassword = "seven unrelated walrus bicycles";

let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;

type Env = Readonly<Record<string, string>>;

async function run(profile: string, args: readonly string[], env: Env = {}): Promise<CliAnswer> {
  return await runCli(["--profile", join(folder.path, profile), ...args], {
    cwd: folder.path,
    env: { HOLDFAST_SERVER: server.url, ...env },
  });
}

/** Runs a command that must succeed, and gives its JSON answer. */
async function ok(
  profile: string,
  args: readonly string[],
  env: Env = {},
): Promise<Readonly<Record<string, unknown>>> {
  return jsonOf(await run(profile, [...args, "--json"], env));
}

/** Runs a command that must be refused, and gives the code it says. */
async function codeOf(profile: string, args: readonly string[], env: Env = {}): Promise<string> {
  const answer = await run(profile, [...args, "--json"], env);
  expect(answer.exitCode).not.toBe(0);
  return (JSON.parse(answer.stdout) as { error: { code: string } }).error.code;
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  server = await startServerProcess({ dataDir: join(folder.path, "host") });
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

const minutes = 60_000;

it(
  "[CLI-22] a profile of protocol 3 does not ask for the password of an account that was used with protocol 4 since",
  async () => {
    const old = "old@example.com";
    const env = { HOLDFAST_PASSWORD: password, XDG_DATA_HOME: join(folder.path, "data") };
    await ok("old", ["register", old, "--protocol", "3"], env);
    await ok("old", ["login"], env);
    const memory = join(env.XDG_DATA_HOME, "holdfast", "used-with-protocol-4");
    await rememberProtocol4(openProtocolMemoryFolder(memory), new URL(server.url), old);
    for (const command of ["login", "set-local-password"])
      expect(await codeOf("old", [command], env)).toBe("protocol-4-account");
  },
  minutes,
);

it(
  "[CLI-22] [CLI-23] [CLI-25] [CLI-48] register and login speak protocol 4 and nothing else; weak passwords are refused; devices are listed and logged out",
  async () => {
    const given = { HOLDFAST_PASSWORD: password };
    const weak = await run("one", ["register", email], { HOLDFAST_PASSWORD: "password1" });
    expect(weak).toMatchObject({ exitCode: 1, stdout: "" });
    expect(weak.stderr).toMatch(/would soon be guessed\. .*--allow-weak-password/u);
    expect(
      await codeOf("one", ["register", email], { HOLDFAST_PASSWORD: "ann@example.com1" }),
    ).toBe("weak-password");

    const registered = await run("one", ["register", email, "--device-name", "desk"], given);
    expect(registered.exitCode).toBe(0);
    expect(registered.stdout).toMatch(
      /^Registered ann@example\.com at \S+; this device is logged in\.\nFingerprint: /u,
    );
    expect(registered.stdout).toContain("No recovery words");
    expect(await codeOf("one", ["register", email], given)).toBe("profile-exists");
    expect(await codeOf("other", ["register", email, "--no-recovery"], given)).toBe("id-taken");
    expect(existsSync(join(folder.path, "other", "profile.json"))).toBe(false);

    const wrong = await run("two", ["login", email], { HOLDFAST_PASSWORD: newPassword });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain("--protocol 3");
    const joined = await ok("two", ["login", email, "--device-name", "lap"], given);
    expect(joined).toMatchObject({ email, protocol: 4 });
    expect(joined["fingerprint"]).toBe((await ok("one", ["fingerprint"]))["account"]);
    for (const command of ["login", "register", "update-secrets"])
      expect(
        await codeOf(
          "three",
          [command, email, ...(command === "update-secrets" ? [] : ["--protocol", "3"])],
          given,
        ),
      ).toBe("protocol-4-account");

    await ok("one", ["pref", "set", "animal", "cow"]);
    expect(await ok("one", ["sync"])).toMatchObject({ sequence: 1, pushed: true });
    expect(await ok("two", ["sync"])).toMatchObject({ sequence: 1, pulled: true });

    const { devices } = (await ok("one", ["devices", "list"])) as {
      devices: { id: string; name: string; current: boolean }[];
    };
    expect(devices.map(({ name, current }) => [name, current])).toEqual(
      expect.arrayContaining([
        ["desk", true],
        ["lap", false],
      ]),
    );
    const other = devices.find(({ current }) => !current)?.id ?? "";
    expect(await ok("one", ["devices", "revoke", other.slice(0, 8)])).toMatchObject({
      name: "lap",
    });
    expect(await codeOf("one", ["devices", "revoke", other])).toBe("unknown-session");

    expect(await ok("two", ["status"])).toMatchObject({ loggedIn: true, refusal: null });
    expect(await codeOf("two", ["pull"])).toBe("session-ended");
    expect(await ok("two", ["status"])).toMatchObject({
      loggedIn: false,
      refusal: "session-ended",
    });
    const ended = await run("two", ["status"]);
    expect(ended.stdout).toMatch(/^Logged out: the host ended .* `holdfast login` begins/u);
    expect(ended.stdout).toMatch(/^Session +ended by the host; /mu);
    // The device that was logged out logs in again with its keys, by itself.
    expect(await ok("two", ["sync"])).toMatchObject({ sequence: 1 });
    expect(await ok("two", ["status"])).toMatchObject({ loggedIn: true, refusal: null });
    expect(await ok("two", ["logout"])).toMatchObject({ loggedOut: true, hostTold: true });
    expect(await codeOf("two", ["devices", "list"])).toBe("locked");
    expect(await codeOf("two", ["login"], { HOLDFAST_PASSWORD: "wrong" })).toBe("login-refused");
    await ok("two", ["login"], given);

    // Nothing that was typed is in the answers.
    for (const answer of [weak, registered, wrong])
      for (const secret of [password, newPassword, "password1"])
        expect(answer.stdout + answer.stderr).not.toContain(secret);
  },
  4 * minutes,
);

it(
  "[CLI-24] [CLI-28] [CLI-29] [CLI-33] [CLI-48] words open the account; older revisions come back; a rotation shuts out the other device and the old words",
  async () => {
    const id = "ben@example.com";
    const made = await ok("ben", ["register", id, "--show-words"], { HOLDFAST_PASSWORD: password });
    const words = made["recoveryWords"] as string[];
    expect(words).toHaveLength(24);
    const typed = { HOLDFAST_RECOVERY_WORDS: words.join("  ").toUpperCase() };
    const swapped = { HOLDFAST_RECOVERY_WORDS: words.slice(0, 23).join(" ") };
    expect(await codeOf("ben-2", ["recovery", "use"], swapped)).toBe("wrong-words");
    expect(await ok("ben-2", ["recovery", "use"], typed)).toMatchObject({ email: id });
    const weak = { HOLDFAST_NEW_PASSWORD: "12345678" };
    expect(await codeOf("ben-2", ["change-password"], weak)).toBe("weak-password");
    await ok("ben-2", ["change-password"], { HOLDFAST_NEW_PASSWORD: newPassword });
    expect(await codeOf("ben", ["sync"])).toBe("credentials-refused");
    expect(await codeOf("ben", ["devices", "list"])).toBe("locked");
    await ok("ben", ["login"], { HOLDFAST_PASSWORD: newPassword });

    await ok("ben", ["pref", "set", "animal", "cow"]);
    await ok("ben", ["sync"]);
    await ok("ben", ["pref", "set", "animal", "horse"]);
    await ok("ben", ["sync"]);
    expect(await ok("ben", ["history", "list"])).toMatchObject({
      revisions: [{ sequence: 2 }, { sequence: 1, hasBody: true }],
    });
    const shown = await run("ben", ["history", "show", "1", "--output", "old-wallet"]);
    expect(shown.stdout).toContain('"animal"');
    expect(readFileSync(join(folder.path, "old-wallet"), "utf8")).toContain("cow");
    expect(await codeOf("ben", ["history", "show", "9"])).toBe("no-revision");
    expect(await ok("ben", ["history", "restore", "1"])).toMatchObject({ localChanges: true });
    expect(await ok("ben", ["sync"])).toMatchObject({ sequence: 3, pushed: true });
    expect((await run("ben", ["pref", "get", "animal"])).stdout).toBe("cow\n");

    const rotated = await ok("ben", ["rotate-keys", "--show-words"], {
      HOLDFAST_NEW_PASSWORD: password,
    });
    expect(rotated).toMatchObject({ rotated: true, walletsRenewed: true });
    expect(rotated["recoveryWords"]).not.toEqual(words);
    expect(await codeOf("ben-2", ["sync"])).toBe("credentials-refused");
    expect(await codeOf("ben-2", ["account", "show"])).toBe("credentials-refused");
    expect(await ok("ben-2", ["status"])).toMatchObject({
      loggedIn: false,
      refusal: "keys-refused",
    });
    const lockedOut = (await run("ben-2", ["status"])).stdout;
    expect(lockedOut).toMatch(/^Logged out: .* `holdfast login` goes on with the new password\./u);
    expect(lockedOut).not.toMatch(/In sync|logged in until/u);
    expect(await codeOf("ben-3", ["recovery", "use"], typed)).toBe("unknown-recovery");
    expect(await ok("ben", ["sync"])).toMatchObject({ sequence: 4 });
  },
  4 * minutes,
);

it(
  "[CLI-26] [CLI-27] [CLI-30] [CLI-31] [CLI-32] [CLI-48] [CLI-50] pairing, passcode, second factor, several wallets, and the end of an account",
  async () => {
    const id = "cleo@example.com";
    const given = { HOLDFAST_PASSWORD: password };
    const { fingerprint } = await ok("cleo", ["register", id, "--no-recovery"], given);

    const paired = await pair(String(fingerprint), given);
    expect(paired.wrongProof).toBe("wrong-proof");
    expect(paired.joined).toMatchObject({ handedOver: true, fingerprint, deviceName: "phone" });
    expect(paired.exitCode).toBe(0);
    expect(await ok("cleo-2", ["status"])).toMatchObject({ account: id, loggedIn: true });

    const pin = { HOLDFAST_PASSCODE: "4711-4711" };
    await ok("cleo", ["passcode", "set"], { HOLDFAST_NEW_PASSCODE: "4711-4711" });
    expect(await ok("cleo", ["status"])).toMatchObject({ passcode: true, walletName: null });
    expect((await run("cleo", ["status"])).stdout).toMatch(/^Passcode +set$/mu);
    await ok("cleo", ["passcode", "clear"], pin);

    const begun = await ok("cleo", ["mfa", "enable"]);
    expect(begun["enabled"]).toBe(false);
    const confirm = ["mfa", "enable", "--enrolment", String(begun["enrolmentId"])];
    const enabled = await ok("cleo", confirm, {
      HOLDFAST_MFA_CODE: totp(String(begun["secret"]), 0),
    });
    const [recoveryCode = ""] = enabled["recoveryCodes"] as string[];
    expect(await codeOf("cleo-3", ["login", id], given)).toBe("mfa-required");
    expect(await codeOf("cleo-3", ["login", id], { ...given, HOLDFAST_MFA_CODE: "000000" })).toBe(
      "mfa-refused",
    );
    await ok("cleo-3", ["login", id], { ...given, HOLDFAST_MFA_CODE: recoveryCode });
    expect(await ok("cleo", ["account", "show"])).toMatchObject({ mfa: true, recovery: false });
    await ok("cleo", ["mfa", "disable"]);

    await ok("cleo", ["pref", "set", "animal", "cow"]);
    await ok("cleo", ["sync"]);
    await ok("cleo", ["wallets", "create", "savings"]);
    expect(await codeOf("cleo", ["wallets", "use", "saving"])).toBe("unknown-wallet");
    await ok("cleo", ["wallets", "use", "savings"]);
    await ok("cleo", ["pref", "set", "animal", "pig"]);
    expect(await ok("cleo", ["sync"])).toMatchObject({ sequence: 1, pushed: true });
    expect(await ok("cleo", ["wallets", "list"])).toMatchObject({
      wallets: [
        { name: "default", current: false },
        { name: "savings", current: true },
      ],
    });
    const onto = ["--profile", join(folder.path, "cleo"), "account", "export"];
    const refused = await talkToCli(onto, []);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toMatch(/seeds and private keys.*Name a file/su);
    expect((await talkToCli([...onto, "-"], [])).stdout).toContain("pig");
    expect(await ok("cleo", ["status"])).toMatchObject({ passcode: false, walletName: "savings" });
    const described = (await run("cleo", ["status"])).stdout;
    expect(described).toMatch(/^Wallet +“savings”: synced with revision 1/mu);
    const listed = (await run("cleo", ["devices", "list"])).stdout;
    const [, shortId = ""] = /^([0-9a-f]{8}) .*\(this device\)/mu.exec(listed) ?? [];
    expect(shortId).not.toBe("");
    expect(described).toMatch(new RegExp(`^Device +${shortId}, “`, "mu"));
    await ok("cleo", ["account", "export", "everything.json"]);
    const everything = readFileSync(join(folder.path, "everything.json"), "utf8");
    for (const part of ["cow", "pig", "savings", id]) expect(everything).toContain(part);

    expect(await codeOf("cleo", ["account", "delete", "--confirm", "other@example.com"])).toBe(
      "not-confirmed",
    );
    await ok("cleo", ["account", "delete", "--confirm", id]);
    expect(await codeOf("cleo-4", ["login", id], given)).toBe("login-refused");
    const left = await run("cleo", ["status"]);
    expect(left.stdout).toMatch(
      /^The account was deleted from this device\. Your wallet stays on it/u,
    );
    expect(left.stdout).not.toContain("gets a token");
    for (const args of [["account", "show"], ["sync"], ["login"]]) {
      const refused = await run("cleo", args);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain("The account was deleted from this device");
      expect(refused.stderr).not.toContain("password");
    }
    expect(await ok("cleo", ["status"])).toMatchObject({ refusal: "account-deleted" });
    expect(await codeOf("cleo-2", ["sync"])).toBe("credentials-refused");
    expect(await ok("cleo-2", ["status"])).toMatchObject({ refusal: "keys-refused" });
    expect((await run("cleo", ["wallet", "export"])).stdout).toContain("pig");
  },
  4 * minutes,
);

it(
  "[CLI-34] [CLI-49] an account of protocol 3 is upgraded, and its other device goes on with its edits",
  async () => {
    const id = "dan@example.com";
    const old = { HOLDFAST_PASSWORD: "old password" };
    await ok("dan", ["register", id, "--protocol", "3"], old);
    await ok("dan", ["login"]);
    await ok("dan-2", ["login", id, "--protocol", "3"], old);
    await ok("dan", ["pref", "set", "animal", "cow"]);
    await ok("dan", ["sync"]);
    await ok("dan-2", ["sync"]);
    await ok("dan-2", ["pref", "set", "car", "Audi"]);
    const weak = { HOLDFAST_NEW_PASSWORD: "old password" };
    expect(await codeOf("dan", ["upgrade"], weak)).toBe("weak-password");
    const upgraded = await ok("dan", ["upgrade", "--show-words"], {
      HOLDFAST_NEW_PASSWORD: newPassword,
    });
    expect(upgraded).toMatchObject({ upgraded: true, protocol: 4, recovery: true });
    expect(upgraded["recoveryWords"]).toHaveLength(24);

    const refused = await run("dan-2", ["login"], old);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("login --protocol 4");
    const elsewhere = { XDG_DATA_HOME: join(folder.path, "dan-2-data") };
    for (const command of ["pull", "push", "sync", "login"]) {
      const answer = await run("dan-2", [command], elsewhere);
      expect(answer.exitCode).toBe(1);
      expect(answer.stderr).toMatch(
        /^(?:holdfast: )?Another device made this account one of protocol 4\. Your wallet on this device .* are kept\. `holdfast login --protocol 4` goes on/u,
      );
    }
    expect(await ok("dan-2", ["status"])).toMatchObject({ loggedIn: false, refusal: "upgraded" });
    const told = (await run("dan-2", ["status"])).stdout;
    expect(told).toMatch(
      /^Logged out: .*one of protocol 4.*`holdfast login --protocol 4` goes on/u,
    );
    await ok("dan-2", ["login", "--protocol", "4"], { HOLDFAST_PASSWORD: newPassword });
    expect(await ok("dan-2", ["sync"])).toMatchObject({ merged: true, pushed: true });
    expect(await ok("dan", ["sync"])).toMatchObject({ pulled: true });
    for (const profile of ["dan", "dan-2"])
      expect(await ok(profile, ["pref", "list"])).toMatchObject({
        preferences: { animal: "cow", car: "Audi" },
      });
    expect(await codeOf("dan-3", ["login", id, "--protocol", "3"], old)).toBe("protocol-4-account");
  },
  4 * minutes,
);

it(
  "[CLI-39] a wallet that another account left is left alone until --merge-local says otherwise",
  async () => {
    const given = { HOLDFAST_PASSWORD: password };
    const register = ["register", "eve@example.com", "--no-recovery"];
    await ok("eve", register, given);
    await ok("eve", ["pref", "set", "animal", "cow"]);
    await ok("eve", ["sync"]);
    for (const file of ["profile.json", "account.json"]) rmSync(join(folder.path, "eve", file));
    const other = ["register", "fay@example.com", "--no-recovery"];
    const refused = await run("eve", other, given);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /it is the wallet of eve@example\.com at http:\/\/\S+\. Nothing of it was changed or sent\. .*--merge-local/u,
    );
    const merged = await ok("eve", [...other, "--merge-local"], given);
    expect(merged["mergedFrom"]).toContain("eve@example.com");
    expect(await ok("eve", ["sync"])).toMatchObject({ pushed: true, sequence: 1 });
    expect(await ok("eve", ["pref", "list"])).toMatchObject({ preferences: { animal: "cow" } });
  },
  minutes,
);

/** One device shows an invitation and waits while the other one takes it, first with a wrong password. */
async function pair(fingerprint: string, given: Env) {
  const args = ["pair", "show", "--device-name", "phone", "--fingerprint", fingerprint, "--json"];
  const showing = spawnCli(["--profile", join(folder.path, "cleo-2"), ...args], {
    env: { HOLDFAST_SERVER: server.url },
  });
  const closed = new Promise<number | null>((resolve) => showing.once("close", resolve));
  const lines = createInterface({ input: showing.stdout });
  const [line = ""] = await new Promise<string[]>((resolve) => {
    lines.once("line", (first) => {
      resolve([first]);
    });
  });
  const { invitation } = JSON.parse(line) as { invitation: string };
  writeFileSync(join(folder.path, "invitation"), `${invitation}\n`);
  const join_ = ["pair", "join", "--invitation-file", "invitation"];
  const wrongProof = await codeOf("cleo", join_, { HOLDFAST_PASSWORD: newPassword });
  const joined = await ok("cleo", join_, given);
  return { wrongProof, joined, exitCode: await closed };
}
