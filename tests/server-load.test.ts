import {
  createLoggedInDevices,
  createTemporaryFolder,
  getWallet,
  postJson,
  startServerProcess,
  type ServerProcess,
  type WireWallet,
} from "@holdfast/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ACCOUNTS = 50;
const DEVICES_PER_ACCOUNT = 4;
const LAST_SEQUENCE = 25;

/** What one device was told about its writes. */
interface Report {
  readonly accepted: WireWallet[];
  readonly statuses: Set<number>;
  conflicts: number;
}

/** Writes as fast as it can, taking the newest sequence from each 409, until the account's wallet has had its last one. */
async function writeUntilLast(url: string, token: string, name: string): Promise<Report> {
  const report: Report = { accepted: [], statuses: new Set(), conflicts: 0 };
  let sequence = 0;
  while (sequence < LAST_SEQUENCE) {
    const wallet = {
      encryptedWallet: `${name} ${sequence + 1} ${"x".repeat(2000)}`,
      sequence: sequence + 1,
      hmac: `hmac of ${name}`,
    };
    const { status, body } = await postJson(url, "/wallet", { token, ...wallet });
    report.statuses.add(status);
    if (status === 200) {
      expect(body).toEqual(wallet);
      report.accepted.push(wallet);
    } else if (status === 409) {
      report.conflicts += 1;
    } else {
      throw new Error(`${name} was answered ${status}`);
    }
    sequence = Number(body["sequence"]);
  }
  return report;
}

describe("200 devices of 50 accounts that write at once", () => {
  const folder = createTemporaryFolder();
  let server: ServerProcess;
  const reports: (readonly Report[])[] = [];
  const newest: WireWallet[] = [];

  beforeAll(async () => {
    server = await startServerProcess({ dataDir: folder.path });
    const { url } = server;
    const devices = Array.from({ length: DEVICES_PER_ACCOUNT }, (_, index) => `device ${index}`);
    const accounts: (readonly string[])[] = [];
    // A few at a time: each of these costs the server a tenth of a second of scrypt.
    for (let first = 0; first < ACCOUNTS; first += 10) {
      const some = Array.from({ length: 10 }, (_, index) => `load-${first + index}@example.com`);
      accounts.push(
        ...(await Promise.all(some.map((email) => createLoggedInDevices(url, email, devices)))),
      );
    }
    reports.push(
      ...(await Promise.all(
        accounts.map((tokens, account) =>
          Promise.all(
            tokens.map((token, device) => writeUntilLast(url, token, `${account}/${device}`)),
          ),
        ),
      )),
    );
    for (const tokens of accounts) newest.push((await getWallet(url, tokens[0] ?? "")).body);
  }, 120_000);

  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it("[P3-33] have exactly one winner per sequence", () => {
    for (const account of reports) {
      const sequences = account.flatMap(({ accepted }) => accepted.map(({ sequence }) => sequence));
      expect(sequences.sort((a, b) => a - b)).toEqual(
        Array.from({ length: LAST_SEQUENCE }, (_, index) => index + 1),
      );
    }
    expect(reports).toHaveLength(ACCOUNTS);
  });

  it("are answered 200 or 409, never with a server error", () => {
    const statuses = new Set(reports.flat().flatMap((report) => [...report.statuses]));
    expect(statuses).toEqual(new Set([200, 409]));
    expect(reports.flat().reduce((sum, { conflicts }) => sum + conflicts, 0)).toBeGreaterThan(0);
  });

  it("lose nothing: the newest wallet is the one whose writer was told so", () => {
    for (const [account, devices] of reports.entries()) {
      const last = devices
        .flatMap(({ accepted }) => accepted)
        .find(({ sequence }) => sequence === LAST_SEQUENCE);
      expect(newest[account]).toEqual(last);
    }
  });
});
