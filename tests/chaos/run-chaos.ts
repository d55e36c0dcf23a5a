/**
 * Two real command-line agents (`holdfast sync --watch`) and a real server, all killed again and again at random while both devices
 * are edited; then calm, and a look at what is left. Edits are made on the agents' own profiles by other processes' calls, as
 * `holdfast pref set` does. An edit counts as made when it was called saved.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Secret, type Device } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { createSeededRandom, createTemporaryFolder, type Random } from "@holdfast/testing";
import { spawnCli } from "../cli/run-cli.ts";
import { expectType, preferencesOf } from "../client/test-devices.ts";
import { createRestartableHost, type RestartableHost } from "./restartable-host.ts";

export type ChaosReport = {
  readonly seconds: number;
  readonly edits: number;
  readonly agentKills: number;
  readonly serverKills: number;
  /** revision both devices end with */
  readonly sequence: number;
  /** edits that are in neither device's wallet */
  readonly lost: readonly string[];
  /** the two values of the conflict that was made on purpose at the end, on each device */
  readonly contested: readonly (readonly string[])[];
  readonly preferences: readonly Readonly<Record<string, unknown>>[];
};

const password = new Secret("chaos is a ladder 7");
const contestedKey = "contested";

export async function runChaos(options: {
  readonly seconds: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}): Promise<ChaosReport> {
  const random = createSeededRandom(options.seed);
  const folder = createTemporaryFolder();
  const host = await createRestartableHost(join(folder.path, "host"));
  try {
    const server = await host.start();
    const names = ["one", "two"];
    const devices = names.map((name) => createNodeDevice(join(folder.path, name)));
    const account = { server, email: "joe@example.com", password };
    const [one, two] = devices as [Device, Device];
    expectType(await one.register(account), "registered");
    expectType(await one.login(), "logged-in");
    expectType(await two.login(account), "logged-in");

    const until = performance.now() + options.seconds * 1000;
    const agents = names.map((name) => runAgent(join(folder.path, name), until, random));
    const editors = devices.map((device, index) =>
      editUntil(device, names[index] ?? "", until, random),
    );
    const serverKills = killServer(host, until, random);
    const agentKills = await Promise.all(agents);
    const edits = (await Promise.all(editors)).flat();
    const kills = await serverKills;
    options.onProgress?.("Calm: both devices sync.");

    // Apart from each other, both change one thing: a person has to be asked.
    await host.stop();
    for (const [index, device] of devices.entries())
      expectType(await device.setPreference(contestedKey, names[index] ?? ""), "saved");
    await host.start();
    const sequence = await syncUntilEqual(devices);

    const preferences = await Promise.all(devices.map(preferencesOf));
    return {
      seconds: options.seconds,
      edits: edits.length,
      agentKills: agentKills.reduce((sum, count) => sum + count, 0),
      serverKills: kills,
      sequence,
      lost: edits.filter((edit) => preferences.some((held) => held[edit] !== edit)),
      contested: await Promise.all(devices.map(contestedValues)),
      preferences,
    };
  } finally {
    await host.stop();
    folder.remove();
  }
}

async function contestedValues(device: Device): Promise<readonly string[]> {
  const { conflicts } = expectType(await device.listConflicts(), "conflicts");
  return conflicts.flatMap(({ path, sides }) =>
    path.includes(contestedKey)
      ? sides.map(({ value }) => JSON.stringify(plain(value))).sort()
      : [],
  );
}

function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** Syncs in turn until neither has anything to say; gives the revision both have. */
async function syncUntilEqual(devices: readonly Device[]): Promise<number> {
  for (let round = 0; round < 10; round += 1) {
    const outcomes = [];
    for (const device of devices) outcomes.push(expectType(await device.sync(), "synced"));
    const [first] = outcomes;
    const isQuiet = outcomes.every(
      ({ pushed, pulled, sequence }) => !pushed && !pulled && sequence === first?.sequence,
    );
    if (isQuiet) return first?.sequence ?? 0;
  }
  throw new Error("the devices go on syncing");
}

async function editUntil(
  device: Device,
  name: string,
  until: number,
  random: Random,
): Promise<string[]> {
  const saved: string[] = [];
  for (let edit = 1; performance.now() < until; edit += 1) {
    const key = `${name}-${String(edit)}`;
    const outcome = await device.setPreference(key, key);
    if (outcome.type === "saved") saved.push(key);
    else if (outcome.type !== "profile-in-use") throw new Error(outcome.type);
    await sleep(random.between(20, 600));
  }
  return saved;
}

/** Runs the agent, kills it at random, runs it again; gives how often. */
async function runAgent(profile: string, until: number, random: Random): Promise<number> {
  let kills = 0;
  while (performance.now() < until) {
    const agent = spawnCli(["--profile", profile, "sync", "--watch"]);
    agent.stdout.resume();
    agent.stderr.resume();
    await Promise.race([
      sleep(Math.min(random.between(800, 6000), Math.max(until - performance.now(), 0))),
      once(agent, "exit"),
    ]);
    // An agent that gave up by itself is a fault.
    if (agent.exitCode !== null) throw new Error(`an agent ended with ${String(agent.exitCode)}`);
    await kill(agent);
    kills += 1;
  }
  return kills;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

async function killServer(host: RestartableHost, until: number, random: Random): Promise<number> {
  let kills = 0;
  while (performance.now() < until) {
    await sleep(random.between(1000, 5000));
    await host.kill();
    kills += 1;
    await sleep(random.between(0, 1500));
    await host.start();
  }
  return kills;
}
