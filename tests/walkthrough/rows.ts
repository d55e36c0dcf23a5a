/**
 * The walkthrough, row by row: what two devices of one account do, and what must hold afterwards. The page is written from a run of it, and a test runs it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { getWallet, type WireWallet } from "@holdfast/testing";
import { parseWallet, unpackBlob } from "@holdfast/wallet/lbry";
import type { Row } from "./row.ts";
import { type Device, walletFixture } from "./stage.ts";

const email = "joe2@example.com";
const firstPassword = "123abc2";
const secondPassword = "eggsandwich";
const thirdPassword = "starboard";

export const rows: readonly Row[] = [
  {
    title: "Register",
    text: "The laptop makes an account of protocol 3, LBRY's own, and says that `test_wallet_1` is the wallet to sync. It makes up a salt seed, which goes to the host: other devices need it to derive the same keys from the password.",
    checked: [
      "The salt seed has 64 hex digits, and is the one the host gives to anybody who asks for it.",
    ],
    async run({ laptop, url }) {
      const command = `register ${email} --protocol 3 --wallet test_wallet_1`;
      const { stdout } = await laptop.run(command, { HOLDFAST_PASSWORD: firstPassword });
      const { saltSeed } = laptop.profile();
      assert.match(saltSeed, /^[0-9a-f]{64}$/u);
      assert.ok(stdout.includes(`Salt seed: ${saltSeed}\n`));
      assert.equal(await fetchSaltSeed(url), saltSeed);
    },
  },
  {
    title: "The same keys elsewhere",
    text: "The desktop gets the salt seed from the host and derives its keys.",
    checked: ["Salt seed and keys are the laptop's."],
    async run({ laptop, desktop }) {
      const command = `update-secrets ${email} --wallet test_wallet_2`;
      const { stdout } = await desktop.run(command, { HOLDFAST_PASSWORD: firstPassword });
      const { saltSeed, secrets } = laptop.profile();
      assert.ok(stdout.includes(`Salt seed: ${saltSeed}\n`));
      assert.equal(desktop.profile().saltSeed, saltSeed);
      assert.deepEqual(desktop.profile().secrets, secrets);
    },
  },
  {
    title: "Tokens",
    text: "Both log in. The keys are there already, so nobody is asked for a password again.",
    checked: ["The two tokens are different, and the host takes both."],
    async run({ laptop, desktop, url }) {
      await laptop.run("login");
      await desktop.run("login");
      const tokens = [tokenOf(laptop), tokenOf(desktop)];
      assert.notEqual(tokens[0], tokens[1]);
      for (const token of tokens) assert.equal((await getWallet(url, token)).status, 404);
    },
  },
  {
    title: "The first push",
    text: "The laptop encrypts its wallet and sends it.",
    checked: [
      "The host has revision 1: base64 of `s:8192:16:1:`, an init vector and the ciphertext that LBRY's SDK makes; the password opens it.",
      "The wallet file on the laptop is as LBRY wrote it, to the byte.",
    ],
    async run({ laptop, url }) {
      await laptop.run("push");
      const { body } = await getWallet(url, tokenOf(laptop));
      assert.equal(body.sequence, 1);
      const bytes = Buffer.from(body.encryptedWallet, "base64");
      assert.equal(bytes.toString("base64"), body.encryptedWallet);
      assert.equal(bytes.subarray(0, 12).toString("latin1"), "s:8192:16:1:");
      assert.equal((bytes.length - 12) % 16, 0);
      const text = await unpackBlob(body.encryptedWallet, firstPassword);
      assert.match(text, /"accounts": \[\{"ledger": "lbc_mainnet"/u);
      const written = readFileSync(walletFixture("test_wallet_1"), "utf8");
      assert.equal(laptop.readText("test_wallet_1"), written);
      await laptop.run("wallet inspect test_wallet_1");
    },
  },
  {
    title: "The first pull",
    text: "The desktop's own wallet file is as new as LBRY makes it, without an account. It takes the laptop's.",
    checked: [
      "The desktop has revision 1, the same bytes, and checked its HMAC.",
      "Its wallet file now holds the laptop's account.",
    ],
    async run({ laptop, desktop }) {
      const { stdout } = await desktop.run("pull");
      assert.ok(stdout.includes("revision 1."));
      assert.equal(desktop.synced().sequence, 1);
      assert.deepEqual(desktop.synced(), laptop.synced());
      await desktop.run("wallet inspect test_wallet_2");
      const accounts = (name: string, device: Device) =>
        parseWallet(device.readText(name)).get("accounts");
      assert.deepEqual(accounts("test_wallet_2", desktop), accounts("test_wallet_1", laptop));
    },
  },
  {
    title: "An empty update",
    text: "A push counts one further even if nothing has changed.",
    checked: [
      "Revision 2 holds the same wallet as revision 1 under a new encryption, and says that it follows revision 1.",
      "The laptop has nothing to merge.",
    ],
    async run({ laptop, desktop, url }) {
      const before = (await getWallet(url, tokenOf(laptop))).body;
      await desktop.run("push");
      const after = (await getWallet(url, tokenOf(laptop))).body;
      assert.equal(after.sequence, 2);
      assert.notEqual(after.encryptedWallet, before.encryptedWallet);
      const { line, ...wallet } = await open(after);
      assert.deepEqual(wallet, await open(before));
      assert.deepEqual(line, [`1:${laptop.synced().hash}`]);
      const { stdout } = await laptop.run("pull");
      assert.ok(stdout.startsWith("Nothing to merge. Taking remote wallet state.\n"));
      assert.equal(laptop.synced().sequence, 2);
    },
  },
  {
    title: "A preference",
    text: "The laptop sets a preference and pushes; the desktop pulls and has it.",
    checked: ["Revision 3 reaches the desktop with `animal` = `cow`."],
    async run({ laptop, desktop }) {
      await laptop.run("pref set animal cow");
      await laptop.run("push");
      await desktop.run("pull");
      await desktop.run("pref list");
      assert.equal(desktop.synced().sequence, 3);
      assert.deepEqual(await desktop.preferences(), { animal: "cow" });
    },
  },
  {
    title: "Two wallets diverge",
    text: "Both devices change something. The laptop is first to push, so the desktop merges what it pulls into what it has.",
    checked: ["The desktop has its own `horse` and the laptop's `Audi`."],
    async run({ laptop, desktop }) {
      await laptop.run("pref set car Audi");
      await desktop.run("pref set animal horse");
      await laptop.run("push");
      assert.equal(laptop.synced().sequence, 4);
      const { stdout } = await desktop.run("pull");
      assert.ok(stdout.startsWith("Merging local changes with remote changes"));
      await desktop.run("pref list");
      assert.deepEqual(await desktop.preferences(), { animal: "horse", car: "Audi" });
    },
  },
  {
    title: "The merged wallet goes out",
    text: "The desktop pushes the merged wallet, and the laptop takes it.",
    checked: ["Both have revision 5 and the same preferences."],
    async run({ laptop, desktop }) {
      await desktop.run("push");
      assert.equal(desktop.synced().sequence, 5);
      const { stdout } = await laptop.run("pull");
      assert.ok(stdout.startsWith("Nothing to merge."));
      await laptop.run("pref list");
      assert.deepEqual(await laptop.preferences(), { animal: "horse", car: "Audi" });
    },
  },
  {
    title: "A conflict",
    text: "Both change something again, and both push. Whoever comes second is refused: it has to take the newer wallet first.",
    checked: [
      "The refused push changed nothing: neither the laptop's preferences nor the host's wallet.",
      "After the pull the laptop has `beaver` and `Toyota`, and its push is revision 7.",
    ],
    async run({ laptop, desktop, url }) {
      await laptop.run("pref set car Toyota");
      await desktop.run("pref set animal beaver");
      await desktop.run("push");
      assert.equal(desktop.synced().sequence, 6);
      const { stderr } = await laptop.refused("push");
      assert.match(stderr, /out of date/u);
      await laptop.run("pref list");
      assert.deepEqual(await laptop.preferences(), { animal: "horse", car: "Toyota" });
      assert.equal((await getWallet(url, tokenOf(laptop))).body.sequence, 6);
      const { stdout } = await laptop.run("pull");
      assert.ok(stdout.startsWith("Merging local changes with remote changes"));
      await laptop.run("pref list");
      assert.deepEqual(await laptop.preferences(), { animal: "beaver", car: "Toyota" });
      await laptop.run("push");
      assert.equal(laptop.synced().sequence, 7);
    },
  },
  {
    title: "A new password",
    text: "The laptop changes the password. Password, salt seed and the wallet under its new encryption go to the host in one request, so that all of it happens or nothing. Every device is logged out by it.",
    checked: [
      "It was one request, with the wallet as revision 8.",
      "The salt seed is a new one.",
      "Both devices' old tokens are dead: 401 `Token Not Found`.",
    ],
    async run({ laptop, desktop, url }) {
      const before = laptop.profile();
      const tokens = [tokenOf(laptop), tokenOf(desktop)];
      const countBefore = await countRequests(url);
      await laptop.run("change-password", { HOLDFAST_NEW_PASSWORD: secondPassword });
      const count = await countRequests(url);
      assert.equal(countBefore.wallet, 7, "seven pushes; the outdated one was not sent");
      assert.equal(count.password, countBefore.password + 1);
      assert.equal(count.wallet, countBefore.wallet);
      const after = laptop.profile();
      assert.notEqual(after.saltSeed, before.saltSeed);
      assert.equal(await fetchSaltSeed(url), after.saltSeed);
      assert.equal(laptop.synced().sequence, 8);
      for (const token of tokens) {
        const { status, body } = await getWallet(url, token);
        assert.equal(status, 401);
        assert.deepEqual(body, { error: "Unauthorized: Token Not Found" });
      }
      await laptop.refused("pull");
      const { stderr } = await desktop.refused("pull");
      assert.match(stderr, /Token Not Found/u);
    },
  },
  {
    title: "Logging in again",
    text: "The laptop knows the new password and logs in at once. The desktop has to be told.",
    checked: [
      "The host has revision 8, and the new password opens it.",
      "The desktop's login is refused until it has the new password; then it has the new salt seed and the laptop's keys.",
    ],
    async run({ laptop, desktop, url }) {
      await laptop.run("login");
      const { body } = await getWallet(url, tokenOf(laptop));
      assert.equal(body.sequence, 8);
      await unpackBlob(body.encryptedWallet, secondPassword);
      const { stderr } = await desktop.refused("login");
      assert.match(stderr, /No match for email and password/u);
      await desktop.run("set-local-password", { HOLDFAST_PASSWORD: secondPassword });
      assert.equal(desktop.profile().saltSeed, laptop.profile().saltSeed);
      assert.deepEqual(desktop.profile().secrets, laptop.profile().secrets);
      await desktop.run("login");
      await desktop.run("pull");
      assert.deepEqual(desktop.synced(), laptop.synced());
    },
  },
  {
    title: "No new password over a change that was not pushed",
    text: "Nobody should have to merge wallets in the middle of a password change.",
    checked: [
      "The refused change changed nothing: the old password's salt seed stands.",
      "After the push, revision 9, the password changes with revision 10.",
    ],
    async run({ laptop, url }) {
      const { saltSeed } = laptop.profile();
      await laptop.run("pref set animal leemur");
      const passwords = { HOLDFAST_NEW_PASSWORD: thirdPassword };
      const { stderr } = await laptop.refused("change-password", passwords);
      assert.match(
        stderr,
        /^Local changes found\. Update remote wallet before changing password\.$/mu,
      );
      assert.equal(await fetchSaltSeed(url), saltSeed);
      await laptop.run("push");
      assert.equal(laptop.synced().sequence, 9);
      await laptop.run("change-password", passwords);
      assert.equal(laptop.synced().sequence, 10);
      assert.notEqual(await fetchSaltSeed(url), saltSeed);
    },
  },
  {
    title: "A new password without a wallet",
    text: "An account that never pushed a wallet changes its password without sending one.",
    checked: ["The new password logs in, and the host still has no wallet."],
    async run({ device, url }) {
      const phone = device("phone");
      await phone.run("register ann@example.com --protocol 3", {
        HOLDFAST_PASSWORD: firstPassword,
      });
      const { stdout } = await phone.run("change-password", {
        HOLDFAST_NEW_PASSWORD: secondPassword,
      });
      assert.match(stdout, /no wallet yet/u);
      await phone.run("login");
      assert.equal((await getWallet(url, tokenOf(phone))).status, 404);
    },
  },
];

function tokenOf(device: Device): string {
  const { session } = device.profile();
  assert.ok(session !== null, "the device is not logged in");
  return session.token;
}

/** The wallet in a revision, and apart from it the line of revisions that it follows. */
async function open({
  encryptedWallet,
}: WireWallet): Promise<Readonly<Record<string, unknown>> & { readonly line?: unknown }> {
  const text = await unpackBlob(encryptedWallet, firstPassword);
  const { preferences, ...wallet } = JSON.parse(text) as {
    readonly preferences: Readonly<Record<string, { readonly value: unknown }>>;
  };
  const { "holdfast-line": line, ...rest } = preferences;
  return { ...wallet, preferences: rest, ...(line !== undefined && { line: line.value }) };
}

async function fetchSaltSeed(url: string): Promise<unknown> {
  const address = encodeURIComponent(Buffer.from(email).toString("base64"));
  const answer = await fetch(`${url}/api/3/client-salt-seed?email=${address}`);
  return ((await answer.json()) as Record<string, unknown>)["clientSaltSeed"];
}

/** How often the host was asked to store a wallet, and to change a password. */
async function countRequests(url: string): Promise<{ wallet: number; password: number }> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const count = (endpoint: string): number => {
    const line = text
      .split("\n")
      .find(
        (one) =>
          one.startsWith("wallet_sync_requests_count") &&
          one.includes(`POST`) &&
          one.includes(`"${endpoint}"`),
      );
    return Number(line?.split(" ").at(-1) ?? 0);
  };
  return { wallet: count("wallet"), password: count("password") };
}
