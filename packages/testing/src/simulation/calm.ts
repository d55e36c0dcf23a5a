/**
 * After the storm: network, disks and host are well, everybody is online and has the right password. From here on the
 * devices must come together by themselves, soon, and then be silent (SYNC-31), and everything must be there (SYNC-30).
 */
import { deriveModelKeys, hashWallet } from "../crypto/model-keys.ts";
import { calmNetwork } from "../network/faulty-network.ts";
import type { SimDevice } from "./sim-device.ts";
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
      comeBack(world, device);
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
  world.count("era");
  world.count("edits accounted for", world.ledger.size);
  world.count("rounds to agreement", rounds);
  world.crashRate = world.options.crashRate;
}

function comeBack<Content>(world: World<Content>, device: SimDevice<Content>): void {
  if (!device.isOn) device.start();
  if (device.state?.access.type !== "open") {
    device.enterPassword(rightPassword(world));
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
  if (hasProblem(device)) world.decide(device, "keep-mine");
  // A person may ask for another try of what was too large, or went back and forth too often.
  const { state } = device;
  const isHeldBack =
    state !== null && (state.tooLarge !== null || state.rounds >= 5 || state.direction !== "both");
  if (isHeldBack) device.dispatch({ type: "sync-wanted" });
}

function hasProblem<Content>(device: SimDevice<Content>): boolean {
  return device.state !== null && device.state.record.problem !== null;
}

function rightPassword<Content>(world: World<Content>): string {
  const saltSeed = world.host.saltSeed;
  const right = world.passwords.find(
    (password) => deriveModelKeys(password, saltSeed).login === world.host.login,
  );
  if (right === undefined) throw new Error("the host has a password nobody chose");
  return right;
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
