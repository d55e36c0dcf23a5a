/**
 * After the storm: network, disks and host are well, everybody is online and has the right password. From here on the
 * devices must come together by themselves, soon, and then be silent (SYNC-31), and everything must be there (SYNC-30).
 */
import { hashWallet } from "../crypto/model-keys.ts";
import { calmNetwork } from "../network/faulty-network.ts";
import type { SimDevice } from "./sim-device.ts";
import { joinUpgraded, upgradeAccount } from "./sim-upgrade.ts";
import { SimulationFailure } from "./simulation-failure.ts";
import { seenIn } from "./tracked.ts";
import type { World } from "./world.ts";

const maxRounds = 12;
/** longer than the poll that makes up for lost notices */
const roundMs = 6 * 60_000;
const maxStepsPerRound = 20_000;

/** Lets everything come to rest and checks what must hold then; ends the era. */
export function calmDown<Content>(world: World<Content>): void {
  const { schedule, network, host } = world;
  world.trace.note("— calm —");
  world.crashRate = 0;
  network.faults = calmNetwork;
  world.noticeLoss = world.random.pick([0, 1]);
  host.maxBytes = 1_000_000;
  world.hostile.malice = 0;
  world.hostile.keepsProtocol3 = false;
  world.hostile.endFork();
  for (const device of world.living) {
    device.store.failureRate = 0;
    if (!device.isOn) device.start();
    world.setOnline(device, true);
  }
  let rounds = 0;
  for (; !haveConverged(world); rounds += 1) {
    if (rounds === maxRounds)
      throw new SimulationFailure(
        "SYNC-31",
        `no agreement after ${String(maxRounds)} rounds: ${world.living.map(describe).join("; ")}`,
      );
    for (const device of world.living) {
      comeBack(world, device, rounds);
      waitUntilQuiet(world);
    }
    let steps = 0;
    for (
      const until = schedule.nowMs + roundMs;
      (schedule.nextAtMs() ?? until) < until;
      steps += 1
    ) {
      if (steps === maxStepsPerRound)
        throw new SimulationFailure("SYNC-31", "the devices do not come to rest");
      world.step();
    }
  }
  const before = host.head;
  schedule.runUntil(schedule.nowMs + 3 * roundMs);
  waitUntilQuiet(world);
  if (host.head !== before || !haveConverged(world))
    throw new SimulationFailure("SYNC-31", "the devices agreed and went on pushing");
  nothingIsLost(world);
  nobodyArguesAlone(world);
  everybodyCanFollow(world);
  everybodyCanHeal(world);
  world.count("era");
  world.count("edits accounted for", world.ledger.size);
  world.count("rounds to agreement", rounds);
  world.crashRate = world.options.crashRate;
}

/** What a patient person does about each device; what takes nothing away first. */
function comeBack<Content>(world: World<Content>, device: SimDevice<Content>, round: number): void {
  const is4 = world.host.protocol === 4;
  if (!device.isOn) device.start();
  if (is4 && device.protocol.number === 3) joinAll(world, device);
  if (isLocked(device)) {
    device.enterPassword(world.rightPassword());
    waitUntilQuiet(world);
  }
  // What this device knows of the account, the host may lack.
  if (isLocked(device) && device.account !== null) {
    world.healHost(device);
    waitUntilQuiet(world);
  }
  if (hasProblem(device)) {
    world.decide(device, "try-again");
    waitUntilQuiet(world);
  }
  if (hasProblem(device)) {
    world.decide(device, "heal");
    waitUntilQuiet(world);
  }
  const isStuck = hasProblem(device) || isLocked(device);
  // Another device may have what this one lacks, so a person waits for that one before giving anything up.
  if (isStuck && is4 && round >= patience) {
    world.ledger.forgiveRemovals();
    device.forgetAccount();
    device.enterPassword(world.rightPassword());
    waitUntilQuiet(world);
    if (hasProblem(device)) world.decide(device, "heal");
    waitUntilQuiet(world);
  }
  if (hasProblem(device) && (!is4 || round > patience)) world.decide(device, "keep-mine");
  // A person may ask for another try of what was too large, or went back and forth too often.
  const { state } = device;
  const isHeldBack =
    state !== null && (state.tooLarge !== null || state.rounds >= 5 || state.direction !== "both");
  if (isHeldBack) device.dispatch({ type: "sync-wanted" });
}

const patience = 2;

/** The account was upgraded by another device, or by this one some time ago. */
function joinAll<Content>(world: World<Content>, device: SimDevice<Content>): void {
  waitUntilQuiet(world);
  if (device.upgrade !== null) {
    if (device.session === null) device.upgrade = null;
    else upgradeAccount(device, "not used");
    waitUntilQuiet(world);
  }
  if (device.protocol.number === 3) {
    joinUpgraded(device, world.rightPassword());
    waitUntilQuiet(world);
  }
  if (device.protocol.number === 4) return;
  // It has seen more than the upgrade was made from, which was told: its wallet is taken along as it is.
  world.ledger.forgiveRemovals();
  device.forgetAccount();
}

function isLocked<Content>(device: SimDevice<Content>): boolean {
  return device.state !== null && device.state.access.type !== "open";
}

function hasProblem<Content>(device: SimDevice<Content>): boolean {
  return device.state !== null && device.state.record.problem !== null;
}

function waitUntilQuiet<Content>(world: World<Content>): void {
  const { schedule } = world;
  const until = schedule.nowMs + 30 * 60_000;
  for (let steps = 0; steps < maxStepsPerRound; steps += 1) {
    if (world.network.underWay === 0 && world.living.every((device) => isAtRest(device))) return;
    const at = schedule.nextAtMs();
    if (at === null || at > until) return;
    world.step();
  }
}

function isAtRest<Content>(device: SimDevice<Content>): boolean {
  const { state } = device;
  if (state === null) return false;
  return (
    device.isQuiet ||
    ((state.record.problem !== null || state.access.type !== "open") && device.isWaiting)
  );
}

function haveConverged<Content>(world: World<Content>): boolean {
  const head = world.host.head;
  const [first] = world.living;
  // What was sent in the storm may still arrive.
  if (world.network.underWay > 0) return false;
  return world.living.every((device) => {
    const { state } = device;
    const local = first?.state?.record.local;
    if (state === null || local === undefined || !device.isQuiet) return false;
    if (device.protocol.number !== world.host.protocol) return false;
    if (state.record.problem !== null || state.access.type !== "open") return false;
    const { synced } = state.record;
    const isAtHead = head === null ? synced.sequence === 0 : synced.hash === hashWallet(head);
    return isAtHead && world.format.equal(state.record.local, local);
  });
}

function nothingIsLost<Content>(world: World<Content>): void {
  const final = world.living[0]?.state?.record.local;
  if (final === undefined) throw new Error("no device is left");
  const { ledger } = world;
  let seen = seenIn(ledger.era, final);
  for (const device of world.living) {
    const local = device.state?.record.local;
    if (local !== undefined) seen = seen.union(seenIn(ledger.era, local));
  }
  const losses = ledger.losses({ ...final, seen, era: ledger.era.number }, (id) =>
    world.living.some((device) => device.id === id),
  );
  if (losses.length > 0)
    throw new SimulationFailure("SYNC-30", `lost: ${losses.slice(0, 5).join("; ")}`);
}

/** One device alone has nobody to disagree with, whatever crashed or got lost. */
function nobodyArguesAlone<Content>(world: World<Content>): void {
  const local = world.living[0]?.state?.record.local;
  if (world.hasHadCompany || !world.isHonest || local === undefined) return;
  const count = world.format.conflictCount(local);
  if (count > 0)
    throw new SimulationFailure(
      "SYNC-5",
      `a single device has ${String(count)} conflicts with itself`,
    );
}

/** A host that was restored is brought up to what any device has seen: those who are away would call it rolled back. */
function everybodyCanFollow<Content>(world: World<Content>): void {
  for (const { id, state, highestSeen } of world.living)
    if (state !== null && state.record.synced.sequence < highestSeen)
      throw new SimulationFailure(
        "SYNC-13",
        `${id} has seen revision ${String(highestSeen)}, and the host is left at ${String(state.record.synced.sequence)}`,
      );
}

/** Protocol 4: each device keeps what it takes to bring the host back to where it is now (P4K-59). */
function everybodyCanHeal<Content>(world: World<Content>): void {
  const { head } = world.host;
  // Where a person had the host's line taken although it did not follow, there is nothing to heal it with.
  if (world.host.protocol === 3 || head === null || !world.isHonest) return;
  for (const device of world.living) {
    const { id, account, keptSince } = device;
    if (account === null) throw new Error("a device without an account");
    const { first, headers, newest } = account.kept;
    const isNewest = newest !== null && hashWallet(newest) === world.host.headHash;
    if (!isNewest || first + headers.length - 1 !== head.sequence)
      throw new SimulationFailure("P4K-59", `${id} does not keep the newest revision`);
    if (keptSince > 0 && first > keptSince)
      throw new SimulationFailure("P4K-59", `${id} does not keep what came since the last calm`);
    device.keptSince = head.sequence;
  }
}

function describe<Content>({ id, state }: SimDevice<Content>): string {
  if (state === null) return `${id} is off`;
  const { record, activity, access, network, disk } = state;
  return [
    `${id} is ${activity.type}`,
    access.type,
    `synced ${String(record.synced.sequence)}`,
    record.inFlight === null ? "nothing in flight" : "a push in flight",
    record.problem?.name ?? "no problem",
    network.isOnline ? "online" : "offline",
    network.isWaiting ? "waiting" : "not waiting",
    disk.savedVersion === disk.version ? "saved" : "not saved",
    state.differs ? "differs" : "the same",
    `${String(state.rounds)} rounds`,
    `check for ${String(state.checkFor)}`,
  ].join(", ");
}
