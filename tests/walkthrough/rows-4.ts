/** The walkthrough over protocol 4, row by row: the same two devices, and a host that never gets a password in any form. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parseWallet } from "@holdfast/wallet/lbry";
import type { Row } from "./row.ts";
import { type Device, walletFixture } from "./stage.ts";

const email = "joe@example.com";
const firstPassword = "wandering otter 58 lantern";
const secondPassword = "quiet harbour 31 violin";

export const rows4: readonly Row[] = [
  {
    title: "Register",
    text: "The laptop makes an account and says that `test_wallet_1` is the wallet to sync. Without a terminal nobody can write recovery words down, so none are made here; the page about [recovery](recovery.md) makes some.",
    checked: ["The account is one of protocol 4, and the laptop is logged in."],
    async run({ laptop }) {
      await laptop.run(`register ${email} --wallet test_wallet_1 --device-name laptop`, {
        HOLDFAST_PASSWORD: firstPassword,
      });
      const { protocol, loggedIn } = await laptop.ask("status");
      assert.deepEqual({ protocol, loggedIn }, { protocol: 4, loggedIn: true });
    },
  },
  {
    title: "A second device",
    text: "The desktop joins with the password. What the host gets of it is one half of a proof that works for this login alone (OPAQUE).",
    checked: [
      "Both devices are logged in, each with a session of its own.",
      "Both show the same fingerprint.",
    ],
    async run({ laptop, desktop }) {
      await desktop.run(`login ${email} --wallet test_wallet_2 --device-name desktop`, {
        HOLDFAST_PASSWORD: firstPassword,
      });
      await laptop.run("devices list");
      const { devices } = await desktop.ask("devices list");
      assert.deepEqual(namesOf(devices), ["desktop", "laptop"]);
      assert.equal(await fingerprintOf(desktop), await fingerprintOf(laptop));
    },
  },
  {
    title: "The first push",
    text: "The laptop's wallet becomes revision 1: encrypted, padded, and signed with a key that the host has never seen.",
    checked: ["The wallet file on the laptop is as LBRY wrote it, to the byte."],
    async run({ laptop }) {
      const { stdout } = await laptop.run("push");
      assert.ok(stdout.includes("revision 1."));
      const written = readFileSync(walletFixture("test_wallet_1"), "utf8");
      assert.equal(laptop.readText("test_wallet_1"), written);
    },
  },
  {
    title: "The first pull",
    text: "The desktop's own wallet file is as new as LBRY makes it. It takes the laptop's.",
    checked: [
      "The desktop has revision 1, and its wallet file the laptop's account.",
      "What both see of the account and the wallet has the same fingerprint.",
    ],
    async run({ laptop, desktop }) {
      await desktop.run("pull");
      assert.deepEqual(desktop.synced(), laptop.synced());
      const accounts = (name: string, device: Device) =>
        parseWallet(device.readText(name)).get("accounts");
      assert.deepEqual(accounts("test_wallet_2", desktop), accounts("test_wallet_1", laptop));
      await laptop.run("fingerprint");
      assert.deepEqual(await desktop.ask("fingerprint"), await laptop.ask("fingerprint"));
    },
  },
  {
    title: "An empty update",
    text: "A push counts one further even if nothing has changed.",
    checked: ["Revision 2 is chained to revision 1, and the laptop has nothing to merge."],
    async run({ laptop, desktop }) {
      await desktop.run("push");
      const { stdout } = await laptop.run("pull");
      assert.ok(stdout.startsWith("Nothing to merge. Taking remote wallet state.\n"));
      assert.equal(laptop.synced().sequence, 2);
    },
  },
  {
    title: "A preference",
    text: "The laptop sets a preference and pushes; the desktop pulls and has it.",
    checked: ["The desktop sees the laptop's preference."],
    async run({ laptop, desktop }) {
      await laptop.run("pref set animal cow");
      await laptop.run("push");
      await desktop.run("pull");
      await desktop.run("pref get animal");
      assert.deepEqual(await desktop.preferences(), { animal: "cow" });
    },
  },
  {
    title: "Two wallets diverge",
    text: "Both devices change the wallet without knowing of the other's change.",
    checked: [
      "The desktop has its own change and the laptop's, and the laptop has both after a pull.",
    ],
    async run({ laptop, desktop }) {
      await laptop.run("pref set car Audi");
      await laptop.run("push");
      await desktop.run("pref set animal horse");
      await desktop.run("pull");
      assert.deepEqual(await desktop.preferences(), { animal: "horse", car: "Audi" });
      await desktop.run("push");
      await laptop.run("pull");
      assert.deepEqual(await laptop.preferences(), { animal: "horse", car: "Audi" });
    },
  },
  {
    title: "A push that comes too late",
    text: "The desktop pushes first. The laptop's push is refused, and nothing of it is lost.",
    checked: ["The refused push changed nothing; after a pull the laptop has both changes."],
    async run({ laptop, desktop }) {
      await laptop.run("pref set car Toyota");
      await desktop.run("pref set animal beaver");
      await desktop.run("push");
      await laptop.refused("push");
      assert.deepEqual(await laptop.preferences(), { animal: "horse", car: "Toyota" });
      await laptop.run("pull");
      assert.deepEqual(await laptop.preferences(), { animal: "beaver", car: "Toyota" });
      await laptop.run("push");
    },
  },
  {
    title: "A new password",
    text: "The laptop changes the password, with a change that is not pushed yet: the wallet is not encrypted under the password, so neither waits for the other. The laptop goes on with a new session; the desktop is logged out, forgets its keys, and keeps its edits.",
    checked: [
      "The desktop's next sync is refused, and so is the old password.",
      "With the new password the desktop is back, and its edit reaches the laptop.",
    ],
    async run({ laptop, desktop }) {
      await desktop.run("pull");
      await desktop.run("pref set song Greensleeves");
      await laptop.run("pref set animal lemur");
      await laptop.run("change-password", { HOLDFAST_NEW_PASSWORD: secondPassword });
      await laptop.run("sync");
      await desktop.refused("sync");
      await desktop.refused("login", { HOLDFAST_PASSWORD: firstPassword });
      await desktop.run("login", { HOLDFAST_PASSWORD: secondPassword });
      await desktop.run("sync");
      await laptop.run("sync");
      const all = { animal: "lemur", car: "Toyota", song: "Greensleeves" };
      for (const device of [laptop, desktop]) assert.deepEqual(await device.preferences(), all);
    },
  },
];

export function namesOf(devices: unknown): readonly string[] {
  return (devices as readonly { readonly name: string }[]).map(({ name }) => name).toSorted();
}

async function fingerprintOf(device: Device): Promise<unknown> {
  return (await device.ask("fingerprint"))["account"];
}
