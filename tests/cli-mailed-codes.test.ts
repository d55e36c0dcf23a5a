/** The command line with a host that checks addresses by mail: registering, starting over, and changing the address. */
import { join } from "node:path";
import {
  createTemporaryFolder,
  type LbrySyncApi,
  type ServerProcess,
  startLbrySyncApi,
  startServerProcess,
} from "@holdfast/testing";
import { hashWallet, packWallet } from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliAnswer, jsonOf, runCli } from "./cli/run-cli.ts";
import { talkToCli } from "./cli/talk-to-cli.ts";
import { newWallet } from "./client/test-devices.ts";

const password = "gravel umbrella cactus lantern";
const given = { HOLDFAST_PASSWORD: password };

let folder: ReturnType<typeof createTemporaryFolder>;
let server: ServerProcess;
let api: LbrySyncApi;

type Env = Readonly<Record<string, string>>;

async function run(profile: string, args: readonly string[], env: Env = {}): Promise<CliAnswer> {
  return await runCli(["--profile", join(folder.path, profile), ...args], {
    env: { HOLDFAST_SERVER: server.url, ...env },
  });
}

async function ok(profile: string, args: readonly string[], env: Env = {}) {
  return jsonOf(await run(profile, [...args, "--json"], env));
}

async function codeOf(profile: string, args: readonly string[], env: Env = {}): Promise<string> {
  const { exitCode, stdout } = await run(profile, [...args, "--json"], env);
  expect(exitCode).not.toBe(0);
  return (JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as { error: { code: string } })
    .error.code;
}

/** Subjects and texts of the mails to an address, which the development profile prints. */
function mailsTo(address: string): string[] {
  const mails = server.output().split(`Mail to ${address}: `).slice(1);
  return mails.map((mail) => mail.split("-".repeat(72))[0] ?? "");
}

/** The code that was mailed there last. */
function codeFor(address: string): string {
  return /^\d{8}$/mu.exec(mailsTo(address).at(-1) ?? "")?.[0] ?? "none";
}

const wrongCode = (code: string): string => (code === "12345678" ? "87654321" : "12345678");

beforeAll(async () => {
  folder = createTemporaryFolder();
  server = await startServerProcess({
    dataDir: join(folder.path, "host"),
    env: { ACCOUNT_VERIFICATION_MODE: "EmailVerify" },
  });
  api = await startLbrySyncApi();
});
afterAll(async () => {
  await api.close();
  await server.stop();
  folder.remove();
});

const minutes = 60_000;

it(
  "[CLI-42] register asks for the code that the host mailed; a script gives it to the same command, and who mistyped the address starts over",
  async () => {
    const mistyped = "ann@exampel.com";
    const email = "ann@example.com";
    const begun = await run("ann", ["register", mistyped, "--no-recovery"], given);
    expect(begun).toMatchObject({ exitCode: 0 });
    expect(begun.stdout).toMatch(/mailed a code to ann@exampel\.com\..*HOLDFAST_MAILED_CODE/u);
    expect(await codeOf("ann", ["register", email])).toBe("registration-pending");
    const again = ["register", email, "--no-recovery", "--start-over"];
    expect(await ok("ann", again, given)).toMatchObject({ verified: false, email });
    expect(mailsTo(email)).toHaveLength(1);
    const code = codeFor(email);
    const wrong = await run("ann", ["register"], { HOLDFAST_MAILED_CODE: wrongCode(code) });
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toMatch(/code is wrong.*--start-over/su);
    expect(await ok("ann", ["register"], { HOLDFAST_MAILED_CODE: ` ${code}` })).toMatchObject({
      email,
      verified: true,
    });
    expect(await ok("ann", ["status"])).toMatchObject({ account: email, loggedIn: true });
  },
  minutes,
);

it(
  "[CLI-42] at a terminal the code is asked for at once, and again after a wrong one",
  async () => {
    const email = "ben@example.com";
    const answer = await talkToCli(
      ["--profile", join(folder.path, "ben"), "register", email, "--no-recovery"],
      [
        ["Password:", password],
        ["The same again:", password],
        [
          /mailed a code to ben@example\.com[^]*Code from the mail:/u,
          () => wrongCode(codeFor(email)),
        ],
        [/not the code[^]*Code from the mail:/u, () => codeFor(email)],
      ],
      { env: { HOLDFAST_SERVER: server.url } },
    );
    expect(answer.exitCode).toBe(0);
    expect(answer.stdout).toMatch(/^Registered ben@example\.com /u);
  },
  minutes,
);

it(
  "[CLI-40] [CLI-42] a migration waits for the code, and the same command with it goes on",
  async () => {
    const wallet = newWallet({ animal: "cow" });
    const data = await packWallet(wallet, "", { iv: new Uint8Array(16) });
    api.accounts.set("token", { hash: hashWallet(wallet), data });
    const email = "cleo@example.com";
    const migrate = ["migrate", "lbry-legacy", "--api", api.url, "--yes"];
    const env = { ...given, HOLDFAST_LBRY_TOKEN: "token" };
    expect(await codeOf("cleo", [...migrate, "--register", email], env)).toBe("code-mailed");
    const mailed = { ...env, HOLDFAST_MAILED_CODE: codeFor(email) };
    const { exitCode, stdout } = await run("cleo", [...migrate, "--json"], mailed);
    expect(exitCode).toBe(0);
    expect(
      stdout
        .split("\n")
        .slice(0, 2)
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { event: "account", email, verified: true },
      { how: "taken", sequence: 1 },
    ]);
  },
  minutes,
);

it(
  "[CLI-43] the address changes when the new mailbox confirms it, both are told, and other devices log in with it",
  async () => {
    const [before, after] = ["dan@example.com", "dan@example.org"];
    await ok("dan", ["register", before, "--no-recovery"], given);
    await ok("dan", ["register"], { HOLDFAST_MAILED_CODE: codeFor(before) });
    await ok("two", ["login", before], given);
    await ok("two", ["logout"]);
    await ok("three", ["login", before], given);

    const begun = await ok("dan", ["account", "change-address", after]);
    expect(begun).toMatchObject({ changed: false, email: before });
    expect(mailsTo(before).at(-1)).toContain("about to change");
    const finish = ["account", "change-address", "--change", String(begun["changeId"])];
    const code = codeFor(after);
    expect(await codeOf("dan", finish, { HOLDFAST_MAILED_CODE: wrongCode(code) })).toBe(
      "code-refused",
    );
    expect(await ok("dan", finish, { HOLDFAST_MAILED_CODE: code })).toMatchObject({
      changed: true,
      email: after,
    });
    expect(mailsTo(before).at(-1)).toContain("has changed");
    expect(await ok("dan", ["account", "show"])).toMatchObject({ email: after });

    await ok("three", ["sync"]);
    expect(await ok("three", ["status"])).toMatchObject({ account: before, loggedIn: true });
    expect(await ok("three", ["account", "show"])).toMatchObject({ email: after });
    expect(await ok("three", ["status"])).toMatchObject({ account: after });

    expect(await codeOf("two", ["login"], given)).toBe("login-refused");
    expect(await ok("two", ["login", after], given)).toMatchObject({ email: after });
  },
  minutes,
);
