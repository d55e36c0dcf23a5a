/**
 * A device that is killed at any of its writes while credentials change (P4K-33): what is on its disk afterwards settles the
 * change, and opens the account.
 */
import {
  type ChangeOutcome4,
  contactHost,
  createWallet,
  type HeldAccount,
  renewWallets,
  rotate,
  type RotateOutcome,
  setPassword,
  settleChange,
} from "@holdfast/client/protocol-4";
import { expect, test } from "vitest";
import { type createPlatform, openWallet, restart } from "./protocol-4/device-4.ts";
import { loggedIn, newPerson, registered, startHost } from "./protocol-4/scene.ts";

let host: URL;

startHost((url) => (host = url));

class Killed extends Error {}

type Platform = ReturnType<typeof createPlatform>;

/** The platform, on which the process dies at its write number `at`, before or after it happens. */
function dyingPlatform(
  { disk, ports }: Platform,
  at: number,
  moment: "before" | "after",
): Platform {
  let writes = 0;
  const dying = async (write: () => Promise<void>): Promise<void> => {
    writes += 1;
    if (writes > at || (writes === at && moment === "before")) throw new Killed();
    await write();
    if (writes === at) throw new Killed();
  };
  const { store } = ports;
  return {
    disk,
    ports: {
      ...ports,
      store: {
        ...store,
        saveAccount: async (text) => {
          await dying(async () => {
            await store.saveAccount(text);
          });
        },
        saveWallet: async (walletId, text) => {
          await dying(async () => {
            await store.saveWallet(walletId, text);
          });
        },
      },
    },
  };
}

const newPassword = "a safe horse";

type Change = (account: HeldAccount) => Promise<ChangeOutcome4 | RotateOutcome>;

/** With the number of writes to be killed at: each change has so many, or more that are alike. */
const changes: readonly (readonly [name: string, writes: number, change: Change])[] = [
  ["a new password", 2, async (account) => await setPassword(account, newPassword)],
  ["a rotation", 4, async (account) => await rotate(account, { newPassword })],
];

const cases = changes.flatMap(([name, writes, change]) =>
  Array.from({ length: writes }, (_, write) => write + 1).flatMap((at) =>
    (["before", "after"] as const).map((moment) => ({ name, at, moment, change })),
  ),
);

test.each(cases)(
  "[P4K-33] killed during $name, $moment write $at",
  async ({ at, moment, change }) => {
    const person = newPerson();
    const one = await registered(host, person);
    const wallet = openWallet(one.account);
    await wallet.edit({ cow: 1 });
    wallet.driver.stop();

    const account = restart(dyingPlatform(one.platform, at, moment));
    const outcome = await change(account).catch((error: unknown) => {
      if (error instanceof Killed) return { type: "killed" as const };
      throw error;
    });
    const survivor = restart(one.platform);
    const settled = await settleChange(survivor);
    expect(survivor.record.pending).toBeNull();
    const isChanged = survivor.newest.epoch === 2;
    expect(["changed", "not-changed"]).toContain(settled.type);
    expect(outcome.type === "killed" || isChanged).toBe(true);

    // Whichever it is, exactly one password opens the account, the device goes on, and nothing of the wallet is lost.
    const password = isChanged ? newPassword : person.password;
    const fresh = await loggedIn(host, { ...person, password });
    expect(await contactHost(survivor)).toEqual({ type: "in-touch" });
    expect(await renewWallets(survivor)).toEqual({ type: "renewed" });
    const seen = openWallet(fresh.account);
    await seen.driver.whenQuiet();
    expect(seen.view()).toEqual({ cow: 1 });
    const again = openWallet(survivor, { record: wallet.saved() });
    await again.edit({ horse: 2 });
    expect(again.driver.state()).toMatchObject({ differs: false, record: { problem: null } });
    expect(await createWallet(survivor, "savings")).toMatchObject({ type: "created" });
    for (const { driver } of [seen, again]) driver.stop();
  },
);
