import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder, readVectors } from "@holdfast/testing";
import {
  encryptWallet,
  formatWalletFile,
  packText,
  parseWallet,
  unpackBlob,
} from "@holdfast/wallet/lbry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { jsonOf, runCli, spawnCli } from "./cli/run-cli.ts";

let folder: ReturnType<typeof createTemporaryFolder>;

beforeAll(() => {
  folder = createTemporaryFolder();
});
afterAll(() => folder.remove());

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

/** The vectors of these names: the wallet package runs all of them, here a process each has to do. */
function choose<Case extends { readonly name: string }>(
  cases: readonly Case[],
  names: readonly string[],
): readonly Case[] {
  const chosen = cases.filter(({ name }) => names.includes(name));
  if (chosen.length !== names.length) throw new Error("a vector is missing");
  return chosen;
}

interface PackCase {
  readonly name: string;
  readonly password: string;
  readonly wallet_file: string;
  readonly packed_json: string;
  readonly packed: string;
}

const packCases = choose(readVectors<PackCase>("wallet_pack", "pack"), [
  "empty wallet, empty password",
  "unicode password",
  "account with channel certificates",
]);

describe("wallet pack", () => {
  it.each(packCases)("[CLI-5] prints a blob that holds what the SDK packs: $name", async (one) => {
    const answer = await runCli(["wallet", "pack", "-"], {
      input: one.wallet_file,
      env: { HOLDFAST_PASSWORD: one.password },
    });
    expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
    expect(answer.stdout).toMatch(/^[A-Za-z0-9+/]+=*$/u);
    expect(await unpackBlob(answer.stdout, one.password)).toBe(one.packed_json);
  });

  it("[CLI-4] [CLI-7] refuses a wallet that is encrypted on disk, unless its own password is given too", async () => {
    const [one] = choose(packCases, ["account with channel certificates"]);
    const clear = parseWallet(one?.wallet_file ?? "");
    let drawn = 0;
    const ivs = () => new Uint8Array(16).fill((drawn += 1));
    const input = formatWalletFile(encryptWallet(clear, "disk", { now: 1, ivs }));

    const env = { HOLDFAST_PASSWORD: "new" };
    const refused = await runCli(["wallet", "pack", "-"], { input, env });
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^This wallet is locked[^\n]*\n$/u);

    const flags = ["--wallet-password-file", file("disk-password", "disk\n")];
    const packed = await runCli(["wallet", "pack", "-", ...flags], { input, env });
    expect(packed).toMatchObject({ exitCode: 0, stderr: "" });
    const unpacked = parseWallet(await unpackBlob(packed.stdout, "new"));
    expect(unpacked.get("accounts")).toEqual(parseWallet(one?.packed_json ?? "").get("accounts"));
  });
});

interface UnpackCase {
  readonly name: string;
  readonly password: string;
  readonly data: string;
  readonly result_json?: string;
}

const unpackCases = readVectors<UnpackCase>("wallet_pack", "unpack");

describe("wallet unpack", () => {
  it.each(packCases)("[CLI-5] prints the text inside, unchanged and alone: $name", async (one) => {
    const blob = file("blob", `${one.packed}\n`);
    const answer = await runCli(["wallet", "unpack", blob], {
      env: { HOLDFAST_PASSWORD: one.password },
    });
    expect(answer).toEqual({ exitCode: 0, stdout: one.packed_json, stderr: "" });
  });

  it("[CLI-5] keeps a text that the SDK would print otherwise", async () => {
    const text = '{"b": 1.0,\n "a":[1e2, "é", 1.0]}';
    const blob = await packText(text, "pw", { iv: new Uint8Array(16).fill(7) });
    const answer = await runCli(["wallet", "unpack", "-"], {
      input: blob,
      env: { HOLDFAST_PASSWORD: "pw" },
    });
    expect(answer.stdout).toBe(text);
  });

  it.each(
    choose(unpackCases, [
      "wrong password 0",
      "corrupt: byte 100 of ciphertext flipped",
      "truncated IV",
      "empty string",
      "header N not a power of two",
      "content is not JSON",
    ]),
  )("[CLI-7] refuses with one sentence and nothing on standard output: $name", async (one) => {
    const answer = await runCli(["wallet", "unpack", "-"], {
      input: one.data,
      env: { HOLDFAST_PASSWORD: one.password },
    });
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toMatch(/^[A-Z][^\n]*\.\n$/u);
  });
});

interface HashCase {
  readonly name: string;
  readonly wallet_file: string;
  readonly encryption_password: string | null;
  readonly unlock_password: string | null;
  readonly hash: string;
}

describe("wallet hash", () => {
  it.each(
    choose(readVectors<HashCase>("wallet_hash"), [
      "five accounts and preferences",
      "encrypt-on-disk with password",
      "unlocked wallet",
    ]),
  )("[CLI-5] prints what sync_hash says: $name", async (one) => {
    const password = one.encryption_password ?? one.unlock_password;
    const answer = await runCli(["wallet", "hash", file("wallet", one.wallet_file)], {
      env: password === null ? {} : { HOLDFAST_PASSWORD: password },
    });
    expect(answer).toEqual({ exitCode: 0, stdout: `${one.hash}\n`, stderr: "" });
  });
});

interface MergeCase {
  readonly name: string;
  readonly local_wallet_file: string;
  readonly remote_json: string;
  readonly merged_json?: string;
  readonly error?: object;
}

const mergeCases = readVectors<MergeCase>("preferences_merge", "wallet");

describe("wallet merge", () => {
  it("[CLI-5] [CLI-6] prints the wallet the SDK's merge makes", async () => {
    const [one] = choose(mergeCases, ["new account is appended"]);
    const local = file("local", one?.local_wallet_file ?? "");
    const answer = await runCli(["wallet", "merge", local, "-"], { input: one?.remote_json ?? "" });
    expect(answer).toEqual({ exitCode: 0, stdout: one?.merged_json, stderr: "" });
  });

  it("[CLI-7] refuses where the SDK raises", async () => {
    const failing = mergeCases.find(({ error }) => error !== undefined);
    const answer = await runCli([
      "wallet",
      "merge",
      file("local", failing?.local_wallet_file ?? ""),
      file("remote", failing?.remote_json ?? ""),
    ]);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toMatch(/^[A-Z][^\n]*\n$/u);
  });

  it("[CLI-6] standard input can be one of the two only", async () => {
    const answer = await runCli(["wallet", "merge", "-", "-"], { input: "{}" });
    expect(answer).toMatchObject({ exitCode: 2, stdout: "" });
    expect(answer.stderr).toContain("Standard input is already read");
  });
});

describe("wallet merge --base and wallet diff", () => {
  const walletWith = (subscriptions: readonly string[], theme: string, ts: number): string =>
    JSON.stringify({
      version: 1,
      name: "Mine",
      preferences: {
        shared: { value: { type: "object", value: { subscriptions } }, ts },
        theme: { value: theme, ts },
      },
      accounts: (JSON.parse(packCases.at(-1)?.wallet_file ?? "{}") as { accounts: unknown })
        .accounts,
      odd: "kept",
    });

  it("[CLI-18] what either wallet changed, added or removed holds, and what both changed is kept as a conflict", async () => {
    const base = file("base", walletWith(["lbry://@cooking", "lbry://@news"], "dark", 1));
    const laptop = file(
      "laptop",
      walletWith(["lbry://@cooking", "lbry://@news", "lbry://@music"], "light", 2),
    );
    const desktop = file("desktop", walletWith(["lbry://@cooking", "lbry://@games"], "blue", 3));
    const merged = await runCli(["wallet", "merge", "--base", base, laptop, desktop]);
    expect(merged).toMatchObject({
      exitCode: 0,
      stderr:
        'To be decided: Two devices changed the preference "theme": one to "blue", the other to "light". For now it is "blue".\n',
    });
    expect(merged.stdout).toContain('"odd": "kept"');
    const both = file("both", merged.stdout);
    expect((await runCli(["wallet", "diff", base, both])).stdout).toBe(
      [
        'The subscription to lbry://@news was removed. It was "lbry://@news".',
        'The subscription to lbry://@games was added: "lbry://@games".',
        'The subscription to lbry://@music was added: "lbry://@music".',
        'The preference "theme" changed from "dark" to "blue".',
        "",
      ].join("\n"),
    );
    const inspected = await runCli(["wallet", "inspect", both]);
    expect(inspected.stdout).toContain("2 preferences");
    expect(inspected.stdout).toContain("1 conflict in it");
    expect(inspected.stdout).not.toContain("holdfast-sync");
  });

  it("[CLI-18] a difference shows no seed and no key, and equal wallets have none", async () => {
    const before = file("before", packCases[0]?.wallet_file ?? "");
    const after = file("after", packCases.at(-1)?.wallet_file ?? "");
    const { accounts } = JSON.parse(packCases.at(-1)?.wallet_file ?? "{}") as {
      accounts: { seed: string; private_key: string }[];
    };
    for (const [from, to] of [
      [before, after],
      [after, before],
    ] as const) {
      const { stdout } = await runCli(["wallet", "diff", from, to, "--json"]);
      expect(stdout).toContain('"accounts"');
      expect(stdout).not.toContain(accounts[0]?.seed);
      expect(stdout).not.toContain(accounts[0]?.private_key);
    }
    const same = await runCli(["wallet", "diff", after, after]);
    expect(same).toEqual({ exitCode: 0, stdout: "The two wallets hold the same.\n", stderr: "" });
  });

  it("[CLI-18] wallets that are encrypted on disk are not merged", async () => {
    const clear = parseWallet(packCases.at(-1)?.wallet_file ?? "");
    const locked = encryptWallet(clear, "secret", { now: 1, ivs: () => new Uint8Array(16) });
    const one = file("one", formatWalletFile(clear));
    const other = file("other", formatWalletFile(locked));
    const answer = await runCli(["wallet", "merge", "--base", one, other, one]);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain("encrypted on disk");
  });
});

describe("wallet inspect", () => {
  const [one] = choose(packCases, ["account with channel certificates"]);
  const wallet = one?.wallet_file ?? "";
  const account = (
    JSON.parse(wallet) as {
      accounts: { seed: string; private_key: string; certificates: Record<string, string> }[];
    }
  ).accounts[0];
  const pem = Object.values(account?.certificates ?? {})[0]?.split("\n")[1] ?? "no key";

  it("[CLI-10] shows accounts and the names of preferences, nothing secret", async () => {
    for (const flags of [[], ["--json"]]) {
      const answer = await runCli(["wallet", "inspect", "-", ...flags], { input: wallet });
      expect(answer).toMatchObject({ exitCode: 0, stderr: "" });
      expect(answer.stdout).toContain("lbc_mainnet");
      for (const secret of [account?.seed, account?.private_key, pem]) {
        expect(answer.stdout).not.toContain(secret);
      }
    }
  });

  it("[CLI-10] shows secrets where they are asked for", async () => {
    const flags = ["--show-secrets", "--json"];
    const answer = await runCli(["wallet", "inspect", "-", ...flags], { input: wallet });
    expect(jsonOf(answer)["accounts"]).toMatchObject([
      {
        secrets: {
          seed: account?.seed,
          privateKey: account?.private_key,
          channelKeys: account?.certificates,
        },
      },
    ]);
  });

  it("[CLI-9] a name cannot steer the terminal", async () => {
    const name = "\u001b[2J\u001b]0;owned\u0007 evil\u202e\r\n";
    const answer = await runCli(["wallet", "inspect", "-"], {
      input: JSON.stringify({ name, preferences: { [name]: { value: 1, ts: 1 } }, accounts: [] }),
    });
    expect(answer.exitCode).toBe(0);
    expect(answer.stdout).toContain("\\u{1b}[2J");
    expect(answer.stdout.replaceAll("\n", "")).not.toMatch(/\p{C}/u);
  });
});

describe("hostile and broken input", () => {
  const tenMegabytesOfNesting = "[".repeat(10_000_000);

  it.each([
    ["10 MB of nesting", tenMegabytesOfNesting],
    ["a truncated wallet", '{"version": 1, "accounts": [{"led'],
    ["wrong types", '{"accounts": {"a": 1}}'],
    ["a wallet that is a list", "[]"],
    ["nothing at all", ""],
    ["no text", new Uint8Array([0xff, 0xfe, 0x00, 0x80])],
  ])("[CLI-7] %s: one sentence, exit code 1, quickly", async (_, input) => {
    const startedAt = performance.now();
    const answer = await runCli(["wallet", "hash", "-"], { input });
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toMatch(/^[A-Z][^\n]*\n$/u);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("[CLI-7] an endless input is refused, not kept in memory", async () => {
    const answer = await runCli(["wallet", "hash", "/dev/zero"]);
    expect(answer).toMatchObject({ exitCode: 1, stdout: "" });
    expect(answer.stderr).toContain("too large");
  });

  it("[CLI-7] missing files and folders are named", async () => {
    const missing = await runCli(["wallet", "hash", join(folder.path, "none")]);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("there is no such file");
    mkdirSync(join(folder.path, "sub"));
    const directory = await runCli(["wallet", "hash", join(folder.path, "sub")]);
    expect(directory.exitCode).toBe(1);
    expect(directory.stderr).toContain("it is a folder");
  });
});

describe("pipes", () => {
  it("[CLI-8] a reader that has seen enough ends the command quietly", async () => {
    const text = `{"filler": "${"x".repeat(8_000_000)}"}`;
    const blob = await packText(text, "pw", { iv: new Uint8Array(16).fill(9) });
    const child = spawnCli(["wallet", "unpack", file("big.blob", blob)], {
      env: { HOLDFAST_PASSWORD: "pw" },
    });
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child.stdout, "data");
    child.stdout.destroy();
    const [exitCode] = (await once(child, "close")) as [number | null];
    expect(exitCode).toBe(0);
    expect(stderr).toBe("");
  });
});
