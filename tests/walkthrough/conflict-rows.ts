/** The page about conflicts, row by row: what plain merging loses, what nobody but a person can decide, and a key that goes missing. */
import assert from "node:assert/strict";
import { parseWallet } from "@holdfast/wallet/lbry";
import type { Row } from "./row.ts";
import type { Device } from "./stage.ts";

const email = "joe2@example.com";
const password = "123abc2";

export const conflictRows: readonly Row[] = [
  {
    title: "Two devices in sync",
    text: "The laptop has the wallet and two subscriptions; the desktop gets them.",
    checked: ["Both have revision 1 and the same subscriptions."],
    async run({ laptop, desktop }) {
      const passwords = { HOLDFAST_PASSWORD: password };
      await laptop.run(`register ${email} --protocol 3 --wallet test_wallet_1`, passwords);
      await laptop.run("login");
      await laptop.run(subscribe("lbry://@cooking#1", "lbry://@news#2"));
      await laptop.run("sync");
      await desktop.run(`login ${email} --protocol 3 --wallet test_wallet_2`, passwords);
      await desktop.run("sync");
      assert.deepEqual(await subscriptionsOf(desktop), ["lbry://@cooking#1", "lbry://@news#2"]);
    },
  },
  {
    title: "Both change while offline",
    text: "Without a connection the laptop subscribes to a third channel; the desktop to a fourth, and leaves one. Subscriptions are one preference, and LBRY's own merge takes the newer one as a whole: the laptop's new channel would be lost. Holdfast compares both with what they last had in common.",
    checked: [
      "Both devices have both new channels, and the one that was left is gone. Nobody was asked.",
      "After that there is nothing more to push.",
    ],
    async run({ laptop, desktop }) {
      await laptop.run(subscribe("lbry://@cooking#1", "lbry://@news#2", "lbry://@music#3"));
      await desktop.run(subscribe("lbry://@cooking#1", "lbry://@games#4"));
      await laptop.run("sync");
      await desktop.run("sync");
      await laptop.run("sync");
      const all = ["lbry://@cooking#1", "lbry://@games#4", "lbry://@music#3"];
      for (const device of [laptop, desktop]) {
        assert.deepEqual((await subscriptionsOf(device)).toSorted(), all);
      }
      await desktop.run("sync");
    },
  },
  {
    title: "A conflict",
    text: "Both set the same preference to different values. No rule can know which is right. Until a person says so the newer value is used, both are kept, and every device says that there is something to decide.",
    checked: ["Both devices use the same value and list the same conflict."],
    async run({ laptop, desktop }) {
      await laptop.run("pref set theme blue");
      await desktop.run("pref set theme light");
      await laptop.run("sync");
      await desktop.run("sync");
      await laptop.run("sync");
      await laptop.run("conflicts list");
      assert.deepEqual(await conflictsOf(laptop), await conflictsOf(desktop));
      for (const device of [laptop, desktop]) {
        assert.deepEqual((await device.preferences())["theme"], "light");
      }
    },
  },
  {
    title: "Deciding",
    text: "One device decides, for all of them.",
    checked: ["The conflict is gone on both devices, and both have the chosen value."],
    async run({ laptop, desktop }) {
      const [conflict] = await conflictsOf(laptop);
      const id = String(conflict?.["id"]).slice(0, 8);
      await laptop.run(`conflicts show ${id}`);
      await laptop.run(`conflicts resolve ${id} --keep 1`);
      await laptop.run("sync");
      await desktop.run("sync");
      await desktop.run("conflicts list");
      for (const device of [laptop, desktop]) {
        assert.deepEqual(await conflictsOf(device), []);
        assert.deepEqual((await device.preferences())["theme"], "blue");
      }
    },
  },
  {
    title: "A key never goes missing",
    text: "Another program replaces the desktop's wallet file by an empty one, and the account with its seed is no longer in it. Nobody said that it should be removed, so it is put back before anything is pushed, and the person is asked.",
    checked: [
      "The file holds the account again, before and after the laptop's sync.",
      "Keeping the account changes nothing and closes the conflict.",
    ],
    async run({ laptop, desktop }) {
      const seedOf = (device: Device, name: string) => {
        const [account] = parseWallet(device.readText(name)).get("accounts") as Map<
          string,
          unknown
        >[];
        return account?.get("seed");
      };
      const seed = seedOf(laptop, "test_wallet_1");
      const emptied = new Map(parseWallet(desktop.readText("test_wallet_2"))).set("accounts", []);
      desktop.writeText("test_wallet_2", emptied);
      await desktop.run("sync");
      assert.equal(seedOf(desktop, "test_wallet_2"), seed);
      await laptop.run("sync");
      assert.equal(seedOf(laptop, "test_wallet_1"), seed);
      const [conflict] = await conflictsOf(laptop);
      await laptop.run("conflicts list");
      await laptop.run(`conflicts resolve ${String(conflict?.["id"]).slice(0, 8)} --keep shown`);
      await laptop.run("sync");
      await desktop.run("sync");
      assert.equal(seedOf(desktop, "test_wallet_2"), seed);
      assert.deepEqual(await conflictsOf(desktop), []);
    },
  },
];

function subscribe(...subscriptions: readonly string[]): string {
  return `pref set shared '${JSON.stringify({ type: "object", value: { subscriptions } })}'`;
}

async function subscriptionsOf(device: Device): Promise<readonly string[]> {
  const { shared } = (await device.preferences()) as {
    shared: { value: { subscriptions: readonly string[] } };
  };
  return shared.value.subscriptions;
}

async function conflictsOf(device: Device): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { conflicts } = await device.ask("conflicts list");
  return conflicts as readonly Readonly<Record<string, unknown>>[];
}
