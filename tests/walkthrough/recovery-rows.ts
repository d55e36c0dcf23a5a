/** The page about getting back in, row by row: recovery words, pairing, history, and what to do after a device was stolen. */
import assert from "node:assert/strict";
import type { Row } from "./row.ts";
import { namesOf } from "./rows-4.ts";
import type { Device } from "./stage.ts";

const email = "joe@example.com";
const firstPassword = "wandering otter 58 lantern";
const secondPassword = "quiet harbour 31 violin";
const thirdPassword = "seven kites 44 over dunes";

/** What one row makes and a later one needs. */
let words = "";
let tablet: Device | undefined;

export const recoveryRows: readonly Row[] = [
  {
    title: "Recovery words",
    text: "An account can be opened by 24 words instead of the password. In a terminal they are shown once and three of them are asked for; here they go into the answer.",
    checked: ["There are 24 words, and the account names a way in by them."],
    async run({ laptop }) {
      await laptop.run(`register ${email} --wallet test_wallet_1 --device-name laptop`, {
        HOLDFAST_PASSWORD: firstPassword,
      });
      await laptop.run("sync");
      const { stdout } = await laptop.run("recovery create --show-words");
      words = /^Recovery words: (.*)$/mu.exec(stdout)?.[1] ?? "";
      assert.equal(words.split(" ").length, 24);
      assert.equal((await laptop.ask("account show"))["recovery"], true);
    },
  },
  {
    title: "A forgotten password",
    text: "The laptop is far away and the password forgotten. A new machine opens the account with the words, and sets a new password without knowing the old one.",
    checked: [
      "The tablet has the wallet.",
      "The laptop's session is over, and the old password no longer works.",
    ],
    async run({ laptop, device }) {
      tablet = device("tablet");
      await tablet.run("recovery use --device-name tablet", { HOLDFAST_RECOVERY_WORDS: words });
      await tablet.run("change-password", { HOLDFAST_NEW_PASSWORD: secondPassword });
      await tablet.run("sync");
      assert.equal(tablet.synced().sequence, 1);
      await laptop.refused("sync");
      await laptop.refused("login", { HOLDFAST_PASSWORD: firstPassword });
      await laptop.run("login", { HOLDFAST_PASSWORD: secondPassword });
    },
  },
  {
    title: "Pairing",
    text: "A device that has the account lets a new one in, and no password is typed on the new one. The new device shows a line (in a terminal also a QR code); the other one takes it, and hands the keys over, sealed to that device alone. Both then show the account's fingerprint, which a person compares; here the new device is told beforehand which one to expect.",
    checked: ["The desktop is logged in and has the wallet."],
    async run({ laptop, desktop }) {
      const { account } = await laptop.ask("fingerprint");
      const showing = desktop.begin(
        `pair show --wallet test_wallet_2 --device-name desktop --fingerprint ${String(account)}`,
      );
      const invitation = await showing.firstLine();
      await laptop.run("pair join", {
        HOLDFAST_INVITATION: invitation,
        HOLDFAST_PASSWORD: secondPassword,
      });
      await showing.finish();
      await desktop.run("sync");
      const { devices } = await laptop.ask("devices list");
      assert.deepEqual(namesOf(devices), ["desktop", "laptop", "tablet"]);
    },
  },
  {
    title: "History",
    text: "The host keeps earlier revisions. Each is verified when it is listed, and one that is taken up again is an edit like any other: it becomes a new revision, and what it replaces stays in the history.",
    checked: ["The preference is what it was, on both devices."],
    async run({ laptop, desktop }) {
      await laptop.run("pref set animal cow");
      await laptop.run("sync");
      await desktop.run("sync");
      await desktop.run("pref set animal mistake");
      await desktop.run("sync");
      await desktop.run("history list");
      await desktop.run("history restore 2");
      await desktop.run("sync");
      await laptop.run("sync");
      for (const one of [laptop, desktop])
        assert.deepEqual(await one.preferences(), { animal: "cow" });
    },
  },
  {
    title: "A stolen device",
    text: "The tablet was stolen. The laptop replaces every key of the account: a new password, new recovery words, new keys for the wallet. What the thief could read they can still read; nothing after.",
    checked: [
      "The tablet can neither sync nor log in, with all the keys and words it had.",
      "The desktop is back with the new password, and both devices have every edit.",
    ],
    async run({ laptop, desktop, device }) {
      assert.ok(tablet !== undefined);
      await laptop.run("rotate-keys --show-words", { HOLDFAST_NEW_PASSWORD: thirdPassword });
      await laptop.run("pref set secret kept");
      await laptop.run("sync");
      await tablet.refused("sync");
      await tablet.refused("login", { HOLDFAST_PASSWORD: secondPassword });
      const thief = device("thief");
      await thief.refused("recovery use", { HOLDFAST_RECOVERY_WORDS: words });
      await thief.refused(`login ${email}`, { HOLDFAST_PASSWORD: secondPassword });
      await desktop.refused("sync");
      await desktop.run("login", { HOLDFAST_PASSWORD: thirdPassword });
      await desktop.run("sync");
      assert.deepEqual(await desktop.preferences(), { animal: "cow", secret: "kept" });
      const { devices } = await laptop.ask("devices list");
      assert.deepEqual(namesOf(devices), ["desktop", "laptop"]);
    },
  },
];
