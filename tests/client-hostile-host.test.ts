import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Device } from "@holdfast/client";
import { startRelay, type Answer, type Relay, type Trick } from "./client/relay.ts";
import {
  createTestDevices,
  email,
  expectType,
  password,
  readProfile,
  type TestDevices,
} from "./client/test-devices.ts";
import { startTestHost, type TestHost } from "./client/test-host.ts";

let host: TestHost;
let relay: Relay;
let devices: TestDevices;
let device: Device;

// A device with two revisions behind it and a change to push.
beforeEach(async () => {
  host = await startTestHost();
  relay = await startRelay(host.url);
  devices = await createTestDevices();
  device = await devices.registered("one", relay.url, {
    walletPath: await devices.walletFile("wallet", { animal: "cow" }),
    timeoutMs: 5_000,
  });
  expectType(await device.push(), "pushed");
  expectType(await device.push(), "pushed");
  expectType(await device.setPreference("car", "Audi"), "saved");
});
afterEach(async () => {
  await relay.close();
  await host.close();
  await devices.remove();
});

/** Everything the device remembers, its wallet included. */
async function remembered(): Promise<unknown> {
  const { text } = expectType(await device.exportWallet(), "exported");
  return { profile: await readProfile(devices, "one"), text };
}

async function expectUnchanged(act: () => Promise<void>): Promise<void> {
  const before = await remembered();
  await act();
  expect(await remembered()).toEqual(before);
}

const answer = (given: Answer): Trick => ({ type: "answer", answer: given });
const change = (fields: (body: Record<string, unknown>) => object): Trick => ({
  type: "change",
  change: ({ status, body }) => ({ status, body: fields(body as Record<string, unknown>) }),
});

describe("a host that answers rubbish to a pull", () => {
  it.each<readonly [string, Trick, object]>([
    ["nothing at all", answer({ status: 200, text: "" }), { fault: "malformed-answer" }],
    ["no JSON", answer({ status: 200, text: "<html>" }), { fault: "malformed-answer" }],
    ["JSON of another shape", answer({ status: 200, body: [] }), { fault: "malformed-answer" }],
    [
      "invalid UTF-8",
      answer({ status: 200, text: Uint8Array.of(0x7b, 0xff) }),
      { fault: "malformed-answer" },
    ],
    ["a status nobody knows", answer({ status: 299, body: {} }), { fault: "malformed-answer" }],
    [
      "a sequence that is no integer",
      change((body) => ({ ...body, sequence: 2.5 })),
      { fault: "malformed-answer" },
    ],
    [
      "a sequence as text",
      change((body) => ({ ...body, sequence: "3" })),
      { fault: "malformed-answer" },
    ],
    [
      "a sequence beyond the protocol's",
      change((body) => ({ ...body, sequence: 2 ** 32 })),
      { fault: "malformed-answer" },
    ],
    ["an answer without end", { type: "flood" }, { fault: "answer-too-large" }],
    [
      "a redirect",
      answer({ status: 302, body: {}, headers: { location: "http://127.0.0.1:1/" } }),
      { fault: "redirect" },
    ],
    [
      "a redirect that keeps the method",
      answer({ status: 307, body: {}, headers: { location: "http://127.0.0.1:1/" } }),
      { fault: "redirect" },
    ],
  ])("[P3C-10] [P3C-12] %s is reported and changes nothing", async (_, trick, expected) => {
    await expectUnchanged(async () => {
      relay.trick("GET /api/3/wallet", trick);
      expect(await device.pull()).toMatchObject({ type: "host-misbehaves", ...expected });
    });
  });

  it("[P3C-12] nested lists without end are refused like any rubbish", async () => {
    await expectUnchanged(async () => {
      relay.trick("GET /api/3/wallet", answer({ status: 200, text: "[".repeat(1_000_000) }));
      expect(await device.pull()).toMatchObject({ fault: "malformed-answer" });
    });
  });

  it("[P3C-11] silence is a timeout", async () => {
    await expectUnchanged(async () => {
      relay.trick("GET /api/3/wallet", { type: "hang" });
      const impatient = devices.open("one", { timeoutMs: 100 });
      expect(await impatient.pull()).toMatchObject({ type: "unreachable", reason: "timeout" });
    });
  });

  it("[P3C-11] waiting ends at once when the caller stops it", async () => {
    relay.trick("GET /api/3/wallet", { type: "hang" });
    const stop = new AbortController();
    const arrived = relay.hear("GET /api/3/wallet");
    const pulling = device.pull({ signal: stop.signal });
    await arrived;
    stop.abort();
    expect(await pulling).toMatchObject({ type: "unreachable", reason: "stopped" });
  });

  it("[P3C-12] a 404 of some other program is not an account without wallet", async () => {
    await expectUnchanged(async () => {
      relay.trick("GET /api/3/wallet", answer({ status: 404, body: { error: "Not Found" } }));
      expect(await device.pull()).toMatchObject({ type: "host-refused", status: 404 });
    });
  });

  it("[P3C-12] what a host says is cleaned before anybody sees it", async () => {
    const { session } = await readProfile(devices, "one");
    const { token } = session as { token: string };
    relay.trick(
      "GET /api/3/wallet",
      answer({ status: 500, body: { error: `\u001b[2Jtoken ${token}\n${"x".repeat(1000)}` } }),
    );
    const failed = expectType(await device.pull(), "host-failed");
    expect(failed.detail).toMatch(/^\[2Jtoken \[secret\] x+…$/);
    expect(failed.detail.length).toBeLessThan(310);
  });

  it("[P3C-12] rate limits and failures keep their meaning", async () => {
    relay.trick(
      "GET /api/3/wallet",
      answer({ status: 429, body: {}, headers: { "retry-after": "7" } }),
    );
    expect(await device.pull()).toEqual({ type: "rate-limited", retryAfterSeconds: 7 });
    relay.trick("GET /api/3/wallet", answer({ status: 503, body: { error: "Busy" } }));
    expect(await device.pull()).toEqual({ type: "host-failed", status: 503, detail: "Busy" });
  });
});

describe("a host that lies about the wallet", () => {
  it.each<readonly [string, Trick, string]>([
    ["a wallet with another HMAC", change((body) => ({ ...body, sequence: 3 })), "wrong-hmac"],
    [
      "other bytes under the HMAC",
      change((body) => ({ ...body, sequence: 3, encryptedWallet: "czo4MTkyOjE2OjE6AAAA" })),
      "wrong-hmac",
    ],
    ["an older revision", change((body) => ({ ...body, sequence: 1 })), "rollback"],
    [
      "no wallet any more",
      answer({ status: 404, body: { error: "Not Found: No wallet" } }),
      "rollback",
    ],
    [
      "another wallet under the same sequence",
      change((body) => ({ ...body, encryptedWallet: "czo4MTkyOjE2OjE6AAAA" })),
      "same-sequence-other-content",
    ],
    [
      "another HMAC under the same sequence",
      change((body) => ({ ...body, hmac: "00" })),
      "same-sequence-other-content",
    ],
  ])("[P3C-27] [P3C-28] [P3C-29] %s is named and not applied", async (_, trick, fault) => {
    await expectUnchanged(async () => {
      relay.trick("GET /api/3/wallet", trick);
      expect(await device.pull()).toMatchObject({ type: "host-misbehaves", fault });
    });
  });

  it("[P3C-28] a rollback in the answer to a push is named, and the push stays in flight", async () => {
    relay.trick("POST /api/3/wallet", {
      type: "change",
      change: ({ body }) => ({
        status: 409,
        body: { error: "Conflict: Bad sequence number", ...(body as object), sequence: 1 },
      }),
    });
    expect(await device.push()).toMatchObject({ type: "host-misbehaves", fault: "rollback" });
    expect(expectType(await device.status(), "status")).toMatchObject({
      syncedSequence: 2,
      inFlightSequence: 3,
    });
    expect(await device.push()).toEqual({ type: "pushed", sequence: 3, recovered: true });
  });

  it("[P3C-27] a conflict with a forged wallet is named, and the push stays in flight", async () => {
    relay.trick("POST /api/3/wallet", {
      type: "answer",
      answer: {
        status: 409,
        body: {
          error: "Conflict: Bad sequence number",
          sequence: 9,
          hmac: "00",
          encryptedWallet: "x",
        },
      },
    });
    expect(await device.push()).toMatchObject({ type: "host-misbehaves", fault: "wrong-hmac" });
    expect(await device.push()).toEqual({ type: "pushed", sequence: 3, recovered: true });
  });

  it("[P3C-25] a host that says it stored something else is not believed", async () => {
    relay.trick(
      "POST /api/3/wallet",
      change((body) => ({ ...body, hmac: "00" })),
    );
    expect(await device.push()).toMatchObject({ fault: "accepted-something-else" });
    expect(expectType(await device.status(), "status")).toMatchObject({
      syncedSequence: 2,
      inFlightSequence: 3,
    });
    expect(await device.push()).toEqual({ type: "pushed", sequence: 3, recovered: true });
  });

  it("[P3C-26] a host that calls the newest wallet out of date is named", async () => {
    relay.trick("POST /api/3/wallet", {
      type: "answer",
      answer: { status: 409, body: { error: "Conflict: Bad sequence number" } },
    });
    expect(await device.push()).toMatchObject({ fault: "malformed-answer" });
  });

  it("[P3C-28] a push that the host accepted and then forgot is a rollback", async () => {
    relay.trick("POST /api/3/wallet", {
      type: "answer",
      answer: { status: 200, body: {} },
    });
    expect(await device.push()).toMatchObject({ type: "pushed", sequence: 3 });
    expect(await device.pull()).toMatchObject({ type: "host-misbehaves", fault: "rollback" });
  });
});

describe("a host that answers rubbish to credentials", () => {
  it.each<readonly [string, Answer, string]>([
    ["a token that is no token", { status: 200, body: { token: "a b" } }, "host-misbehaves"],
    [
      "a token that would break out of a header",
      {
        status: 200,
        body: { token: "x\r\ny", deviceId: "d", scope: "*", userId: 1, expiration: null },
      },
      "host-misbehaves",
    ],
    ["no JSON", { status: 200, text: "hello" }, "host-misbehaves"],
    ["a failure", { status: 500, body: { error: "Internal Server Error" } }, "host-failed"],
  ])("[P3C-12] login: %s", async (_, given, type) => {
    await expectUnchanged(async () => {
      relay.trick("POST /api/3/auth/full", answer(given));
      expect((await device.login()).type).toBe(type);
    });
  });

  it.each<readonly [string, Answer, string]>([
    ["too short", { status: 200, body: { clientSaltSeed: "00" } }, "host-misbehaves"],
    ["no text", { status: 200, body: { clientSaltSeed: 5 } }, "host-misbehaves"],
    [
      "no such account",
      { status: 404, body: { error: "Not Found: No match for email" } },
      "unknown-account",
    ],
    ["some other 404", { status: 404, body: { error: "Not Found" } }, "host-refused"],
  ])("[P3C-12] a salt seed: %s", async (_, given, type) => {
    await expectUnchanged(async () => {
      relay.trick("GET /api/3/client-salt-seed", answer(given));
      expect((await device.setLocalPassword({ password })).type).toBe(type);
    });
  });

  it("[P3C-12] a sign-up answered with rubbish can be settled by registering again", async () => {
    const fresh = devices.open("fresh");
    const account = { server: relay.url, email: `new-${email}`, password };
    relay.trick("POST /api/3/signup", {
      type: "change",
      change: () => ({ status: 201, body: { verified: "maybe" } }),
    });
    expect(await fresh.register(account)).toMatchObject({ fault: "malformed-answer" });
    expect(await fresh.register(account)).toMatchObject({ type: "registered", verified: true });
  });
});

describe("where tokens travel", () => {
  it("[P3C-13] no request to this server has a token or password in its address", async () => {
    expectType(await device.sync(), "synced");
    const { session, secrets } = await readProfile(devices, "one");
    const { token } = session as { token: string };
    const { loginPassword } = secrets as { loginPassword: string };
    for (const { url } of relay.seen) {
      expect(decodeURIComponent(url)).not.toContain(token);
      expect(decodeURIComponent(url)).not.toContain(loginPassword);
    }
    expect(
      relay.seen.filter(({ headers }) => headers.authorization === `Bearer ${token}`),
    ).not.toEqual([]);
  });

  it("[P3C-13] an original server, which knows no header, gets the token in the query", async () => {
    relay.trick(
      "GET /api/3/wallet",
      answer({ status: 400, body: { error: "Bad Request: Missing token parameter" } }),
    );
    expectType(await device.pull(), "up-to-date");
    const { session } = await readProfile(devices, "one");
    const { token } = session as { token: string };
    expect(relay.seen.at(-1)).toMatchObject({ url: `/api/3/wallet?token=${token}` });
    expect(relay.seen.at(-1)?.headers.authorization).toBeUndefined();
  });
});
