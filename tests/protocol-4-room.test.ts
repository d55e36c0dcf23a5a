/** Hosts that store nothing more at the moment: a device keeps what it has, says why, and goes on when there is room. */
import { describeFailure, stopOf } from "@holdfast/client";
import { createTemporaryFolder, startServerProcess } from "@holdfast/testing";
import { expect, test } from "vitest";
import { openWallet } from "./protocol-4/device-4.ts";
import { newPerson, registered } from "./protocol-4/scene.ts";

async function onServer(env: Readonly<Record<string, string>>, run: (host: URL) => Promise<void>) {
  const folder = createTemporaryFolder();
  const server = await startServerProcess({ dataDir: folder.path, env });
  try {
    await run(new URL(server.url));
  } finally {
    await server.stop();
    folder.remove();
  }
}

/** Entries that do not compress to much less. */
const entries = (round: number): Record<string, number> =>
  Object.fromEntries(
    Array.from({ length: 7000 }, (_, at) => [
      `${round * 7919 + at * 104_729}`,
      ((round + 1) * (at + 1) * 2_654_435_761) % 1_000_000_007,
    ]),
  );

test("[P4K-66] a host that keeps no more for the account: the change stays here, and is said to, and tried again", async () => {
  const env = { HOLDFAST_MAX_WALLET_BYTES: "262144", HOLDFAST_MAX_ACCOUNT_BYTES: "1048576" };
  await onServer(env, async (host) => {
    const { account } = await registered(host, newPerson());
    const wallet = openWallet(account);
    for (let round = 0; round < 60 && wallet.reports.length === 0; round += 1) {
      await wallet.edit({ ...entries(round % 2), round });
    }
    const [report] = wallet.reports;
    expect(report).toEqual({ type: "storage-full", maxBytes: 1_048_576 });
    const said = report === undefined ? "" : describeFailure(stopOf(report));
    expect(said).toContain("holds at most 1 MiB");
    expect(said).toContain("Your changes are kept on this device");
    const { differs, network, record } = wallet.driver.state();
    expect(network).toMatchObject({ lastFailure: "busy", isWaiting: true });
    expect(differs || record.inFlight !== null).toBe(true);
    expect(record.problem).toBeNull();
    await wallet.edit({ later: 1 });
    expect(wallet.view()).toMatchObject({ later: 1 });
    wallet.driver.stop();
  });
});

test("[P4K-66] a host that takes no more pushes at the moment is asked again when it said, with the same bytes", async () => {
  const env = { HOLDFAST_RATE_LIMITS: "on", HOLDFAST_RATE_LIMIT_PUSHES: "2/3600" };
  await onServer(env, async (host) => {
    const { account } = await registered(host, newPerson());
    const wallet = openWallet(account);
    await wallet.edit({ one: 1 });
    await wallet.edit({ two: 2 });
    expect(wallet.reports).toEqual([]);
    await wallet.edit({ three: 3 });
    const [report] = wallet.reports;
    expect(report).toMatchObject({ type: "rate-limited" });
    const seconds = report?.type === "rate-limited" ? (report.retryAfterSeconds ?? 0) : 0;
    expect(seconds).toBeGreaterThan(1700);
    expect(seconds).toBeLessThanOrEqual(1800);
    const { network, record } = wallet.driver.state();
    expect(network).toMatchObject({ lastFailure: "busy", isWaiting: true });
    expect(record.synced.sequence).toBe(2);
    expect(record.inFlight?.revision.sequence).toBe(3);
    expect(wallet.view()).toEqual({ one: 1, two: 2, three: 3 });
    wallet.driver.stop();
  });
});
