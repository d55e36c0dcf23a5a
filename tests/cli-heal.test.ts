/** `sync --heal` on hosts that came back from a backup older than the password, the keys or the second factor. */
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNodeDevice } from "@holdfast/client/node";
import {
  confirmMfa,
  disableMfa,
  type HeldAccount,
  rotate,
  setPassword,
  startMfa,
} from "@holdfast/client/protocol-4";
import { createTemporaryFolder } from "@holdfast/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createRestartableHost, type RestartableHost } from "./chaos/restartable-host.ts";
import { type CliAnswer, jsonOf, runCli } from "./cli/run-cli.ts";
import { talkToCli } from "./cli/talk-to-cli.ts";
import { registerOn } from "./client/account-4.ts";
import { expectType, preferencesOf } from "./client/test-devices.ts";
import { totp } from "./protocol-4/totp.ts";

const id = "joe@example.com";
const first = "gravel umbrella cactus lantern";
const second = "seven unrelated walrus bicycles";
const third = "copper violin beside nine rivers";

let folder: ReturnType<typeof createTemporaryFolder>;
let host: RestartableHost;
let url: URL;
let totpSecret = "";

const path = (name: string): string => join(folder.path, name);
const device = (name = "one") => createNodeDevice(path(name));

async function holding<Outcome extends { readonly type: string }>(
  work: (account: HeldAccount) => Promise<Outcome>,
): Promise<Outcome> {
  return (await device().protocol4.hold(async ({ account }) => await work(account))) as Outcome;
}

async function edited(key: string): Promise<void> {
  expectType(await device().setPreference(key, "kept"), "saved");
  expectType(await device().sync(), "synced");
}

async function backUp(name: string): Promise<void> {
  await host.stop();
  cpSync(path("host"), path(name), { recursive: true });
  await host.start();
}

async function restore(name: string): Promise<void> {
  await host.stop();
  rmSync(path("host"), { recursive: true });
  cpSync(path(name), path("host"), { recursive: true });
  await host.start();
}

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return await runCli(["--profile", path("one"), ...args], { env });
}

function refusal({ exitCode, stdout }: CliAnswer): unknown {
  const { error } = JSON.parse(stdout) as { error: { code: string } };
  return [exitCode, error.code];
}

/** A new device gets in with this password, and has everything. */
async function expectWhole(name: string, password: string, keys: readonly string[]) {
  const login = ["--profile", path(name), "--server", url.href, "login", id];
  jsonOf(await runCli([...login, "--json"], { env: { HOLDFAST_PASSWORD: password } }));
  expectType(await device(name).sync(), "synced");
  for (const one of [device(name), device()])
    expect(Object.keys(await preferencesOf(one)).sort()).toEqual([...keys].sort());
}

beforeAll(async () => {
  folder = createTemporaryFolder();
  host = await createRestartableHost(path("host"));
  url = new URL(await host.start());
  const made = await registerOn(device(), { host: url, id, password: first, deviceName: "one" });
  expectType(made, "registered");
  await edited("before");
  await backUp("yesterday");
  const begun = await holding(async (account) => expectType(await startMfa(account), "started"));
  totpSecret = begun.secret;
  await holding(async (account) => {
    const code = { enrolmentId: begun.enrolmentId, code: totp(totpSecret, 0) };
    return expectType(await confirmMfa(account, code), "codes");
  });
  await backUp("with-mfa");
  await holding(async (account) => expectType(await disableMfa(account), "disabled"));
});
afterAll(async () => {
  await host.stop();
  folder.remove();
});

const minutes = 60_000;

it(
  "[CLI-21] [CLI-41] a host that lost a new password is healed with a password, which a person is asked for twice",
  async () => {
    await holding(async (account) => expectType(await setPassword(account, second), "changed"));
    await edited("after");
    await restore("yesterday");
    const stopped = await run(["sync"]);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stderr).toMatch(
      /older .* than this device has .*restored from a backup.*--heal/su,
    );
    const asked = await run(["sync", "--heal", "--json"]);
    expect(refusal(asked)).toEqual([1, "healing-needs-password"]);
    expect(asked.stderr).toMatch(/lost its record.*Nothing was changed.*HOLDFAST_PASSWORD/su);
    const healed = await talkToCli(
      ["--profile", path("one"), "sync", "--heal"],
      [
        [/lost its record[^]*Password from now on:/u, second],
        ["The same again:", second],
      ],
    );
    expect(healed.exitCode).toBe(0);
    expect(healed.stdout).toMatch(
      /^Already in sync at revision 2\.\nThe host has the password again/u,
    );
    expect(healed.stdout + healed.stderr).not.toContain(second);
    await expectWhole("two", second, ["before", "after"]);
  },
  minutes,
);

it(
  "[CLI-41] a host that lost new keys lets in who knows the password of that time, and gets the one of from now on",
  async () => {
    await holding(async (account) =>
      expectType(await rotate(account, { newPassword: third }), "rotated"),
    );
    await edited("rotated");
    await restore("yesterday");
    const stopped = await run(["sync"]);
    expect(stopped.stderr).toMatch(/does not take this device's keys.*older backup.*sync --heal/su);
    const wrong = { HOLDFAST_OLD_PASSWORD: third, HOLDFAST_PASSWORD: third };
    const refused = await run(["sync", "--heal", "--json"], wrong);
    expect(refusal(refused)).toEqual([1, "healing-needs-old-password"]);
    expect(refused.stderr).toContain("does not take this as the password");
    writeFileSync(path("first"), `${first}\n`);
    writeFileSync(path("third"), `${third}\n`);
    const files = ["--old-password-file", path("first"), "--password-file", path("third")];
    expect(jsonOf(await run(["sync", "--heal", "--json", ...files]))).toMatchObject({
      passwordRegistered: true,
    });
    await expectWhole("three", third, ["before", "after", "rotated"]);
  },
  minutes,
);

it(
  "[CLI-41] a second factor that the restored host still has is asked for",
  async () => {
    await restore("with-mfa");
    const env = { HOLDFAST_OLD_PASSWORD: first, HOLDFAST_PASSWORD: third };
    expect(refusal(await run(["sync", "--heal", "--json"], env))).toEqual([
      1,
      "healing-needs-mfa-code",
    ]);
    const code = { HOLDFAST_MFA_CODE: totp(totpSecret, 1) };
    jsonOf(await run(["sync", "--heal", "--json"], { ...env, ...code }));
  },
  minutes,
);
