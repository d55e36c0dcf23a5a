/** Everything that people, networks, disks and hosts do to each other while nothing is calm. */
import { calmNetwork, confusedNetwork, stormyNetwork } from "../network/faulty-network.ts";
import type { SimDevice } from "./sim-device.ts";
import { pair } from "./sim-pairing.ts";
import { joinUpgraded, upgradeAccount } from "./sim-upgrade.ts";
import type { World } from "./world.ts";

/** Something happens to somebody, chosen by the seed. */
export function somethingHappens<Content>(world: World<Content>): void {
  const { people: random } = world;
  const what = random.below(100);
  if (what < 6) changeMood(world);
  else if (what === 6) loseOrJoin(world);
  else if (world.options.hasRestores && (what === 7 || (what < 10 && world.protocol.number === 4)))
    world.backUpOrRestore();
  else happenTo(world, random.pick(world.living));
}

function happenTo<Content>(world: World<Content>, device: SimDevice<Content>): void {
  const { people: random } = world;
  const { state } = device;
  if (state === null) {
    if (random.chance(0.6)) device.start();
    return;
  }
  if (device.protocol.number === 3 && world.options.hasUpgrade && upgrades(world, device)) return;
  const isNew = device.protocol.number === 4 && device.account === null && !device.isPairing;
  if (isNew && !world.offline.has(device) && random.chance(0.4)) {
    pair(device);
    return;
  }
  if (state.access.type !== "open" && random.chance(0.5)) {
    // Mostly the newest password, sometimes one that was valid before.
    const { passwords } = world;
    const recent = passwords.slice(-3);
    device.enterPassword(random.chance(0.3) ? random.pick(recent) : (passwords.at(-1) ?? ""));
    return;
  }
  if (state.record.problem !== null && random.chance(0.3)) {
    const decision = random.pick(["try-again", "look", "heal", "keep-mine"] as const);
    world.decide(device, decision);
    return;
  }
  const what = random.below(100);
  if (what < 60) {
    for (let edits = random.chance(0.2) ? random.between(2, 5) : 1; edits > 0; edits -= 1)
      device.edit("edit");
  } else if (what < 72) device.edit("answer");
  else if (what < 82) world.setOnline(device, world.offline.has(device));
  else if (what < 86) device.crash();
  else if (what < 90) {
    const direction = random.pick(["both", "both", "both", "pull", "push"] as const);
    device.dispatch({ type: "sync-wanted", evenIfSame: random.chance(0.2), direction });
  } else if (what < 92) device.dispatch({ type: "watching" });
  else if (what < 93) device.dispatch({ type: "locked" });
  else if (what < 95) device.store.failureRate = random.chance(0.5) ? 0.3 : 0;
  else if (what < 97) world.changePassword(device);
}

/** Something is done about an account that is, or could be, one of protocol 4; false: nothing. */
function upgrades<Content>(world: World<Content>, device: SimDevice<Content>): boolean {
  const { people: random } = world;
  if (world.offline.has(device)) return false;
  const isUpgraded = world.host.protocol === 4;
  if (device.upgrade !== null && random.chance(0.3)) upgradeAccount(device, "not used");
  else if (isUpgraded && random.chance(0.2))
    joinUpgraded(device, random.pick(world.passwords.slice(-2)));
  else if (device.isQuiet && random.chance(isUpgraded ? 0.02 : 0.06))
    upgradeAccount(device, world.freshPassword());
  else return false;
  return true;
}

function changeMood<Content>(world: World<Content>): void {
  const { people: random, network } = world;
  network.faults = random.pick([calmNetwork, stormyNetwork, confusedNetwork]);
  world.noticeLoss = random.pick([0, 0.3, 1]);
  const size = world.host.head?.encryptedWallet.length ?? 400;
  world.host.maxBytes = random.chance(0.1) ? Math.floor(size * random.pick([0.5, 1])) : 1_000_000;
  if (world.options.isHostile) plot(world);
}

/** The host thinks of something. */
function plot<Content>(world: World<Content>): void {
  const { people: random, hostile, living } = world;
  hostile.malice = random.pick([0, 0.1, 0.5]);
  hostile.keepsProtocol3 = hostile.before !== null && random.chance(0.5);
  if (random.chance(0.3))
    hostile.startFork(living.filter(() => random.chance(0.5)).map(({ id }) => id));
  else if (random.chance(0.5)) hostile.endFork();
  if (random.chance(0.5)) return;
  const sequence = random.pick([0, 1, random.below(100), 2 ** 32 - 1, Number.MAX_SAFE_INTEGER]);
  random.pick(living).dispatch({ type: "noticed", sequence });
}

/** A device is lost for ever and another one joins, mostly with a wallet of its own. */
function loseOrJoin<Content>(world: World<Content>): void {
  const { people: random } = world;
  if (world.protocol.number === 3 && random.chance(0.7)) return;
  if (world.living.length > 2 && random.chance(0.7)) world.lose(random.pick(world.living));
  if (world.living.length >= world.options.devices) return;
  const device = world.join();
  device.start();
  if (random.chance(0.2))
    world.chooseFirstSync(device, random.pick(["keep-mine", "take-theirs"] as const));
  for (let edits = random.below(4); edits > 0; edits -= 1) device.edit("edit");
}
