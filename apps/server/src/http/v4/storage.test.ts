import { headOf } from "@holdfast/crypto";
import { operations4 } from "@holdfast/protocol/protocol-4";
import { describe, expect, test } from "vitest";
import {
  changePassword,
  logIn,
  mainWallet,
  nextRevision,
  push,
  random,
  register,
  revisionBody,
} from "../../testing/client-4.ts";
import { startTestServer, type TestServerOptions } from "../../testing/test-server.ts";

const text = (bytes: number): string => Buffer.from(random(bytes)).toString("hex");

async function withServer(
  options: TestServerOptions,
  run: (url: string) => Promise<void>,
): Promise<void> {
  const server = await startTestServer(options);
  try {
    await run(server.url);
  } finally {
    await server.close();
  }
}

describe("storage of one account", () => {
  test("[P4-66] is bounded: what exceeds it is refused with its size, and nothing else is touched", async () => {
    await withServer({ settings: { maxAccountBytes: 3 * 1024 * 1024 } }, async (url) => {
      const ann = await register(url, "ann@example.com");
      const bob = await register(url, "bob@example.com");
      const host = await ann.call(operations4.getHost);
      expect(host.body["limits"]).toMatchObject({ accountBytes: 3 * 1024 * 1024 });
      let stored = 0;
      let answer = await push(ann, text(600_000));
      while (answer.status === 200 && stored < 10) {
        stored += 1;
        answer = await push(ann, text(600_000));
      }
      expect(stored).toBe(4);
      expect(answer.status).toBe(507);
      expect(answer.body).toMatchObject({ code: "storage-full", maxBytes: 3 * 1024 * 1024 });
      const newest = await ann.call(operations4.getWallet, {
        values: { walletId: mainWallet },
        token: ann.token,
      });
      expect(newest.headers.get("etag")).toBe(`"${ann.head?.hash}"`);
      // What fits is stored, another account is not concerned, and a new password never waits for room.
      expect((await push(ann, "small")).status).toBe(200);
      expect((await push(bob, text(600_000))).status).toBe(200);
      expect((await changePassword(ann, "another password")).status).toBe(200);
    });
  });
});

describe("pushes of one account", () => {
  test("[P4-67] are limited, before a body is read, with the time to wait; other accounts go on", async () => {
    let nowMs = Date.UTC(2026, 10, 28);
    const pushLimit = { points: 2, windowMs: 120_000 };
    await withServer({ settings: { pushLimit }, clock: () => nowMs }, async (url) => {
      const ann = await register(url, "ann@example.com");
      const bob = await register(url, "bob@example.com");
      expect((await push(ann, "1")).status).toBe(200);
      expect((await push(ann, "2")).status).toBe(200);
      const limited = await push(ann, "3");
      expect(limited.status).toBe(429);
      expect(limited.body["code"]).toBe("rate-limited");
      expect(limited.headers.get("retry-after")).toBe("60");
      const values = { walletId: mainWallet };
      const unread = { values, token: ann.token, body: "no JSON" };
      expect((await ann.call(operations4.putWallet, unread)).status).toBe(429);
      expect((await ann.call(operations4.healWallet, unread)).status).toBe(429);
      expect((await push(bob, "1")).status).toBe(200);
      expect((await ann.call(operations4.getWallet, { values, token: ann.token })).status).toBe(
        200,
      );
      nowMs += 60_000;
      const body = revisionBody(ann, nextRevision(ann, "3"));
      const put = { values, token: ann.token, body };
      expect((await ann.call(operations4.putWallet, put)).status).toBe(200);
    });
  });

  test("[P4-67] are not used up by who has a token alone, nor more with more sessions", async () => {
    const pushLimit = { points: 3, windowMs: 120_000 };
    const nowMs = Date.now();
    await withServer({ settings: { pushLimit }, clock: () => nowMs }, async (url) => {
      const ann = await register(url, "ann@example.com");
      const revision = nextRevision(ann, "1");
      const first = revisionBody(ann, revision);
      const values = { walletId: mainWallet };
      const put = (token: string, body: unknown) =>
        ann.call(operations4.putWallet, { values, token, body });
      expect((await put(ann.token, first)).status).toBe(200);
      // What the account itself has pushed is all that a thief can say.
      const { token } = await logIn(ann, undefined, "stolen");
      const statuses: number[] = [];
      for (const body of [first, "no JSON", first, first]) {
        statuses.push((await put(token, body)).status);
      }
      expect(statuses).toEqual([200, 400, 200, 429]);

      const phone = await logIn(ann, undefined, "phone");
      phone.head = headOf(revision.header);
      expect((await push(phone, "2")).status).toBe(200);
      ann.head = phone.head;
      expect((await push(ann, "3")).status).toBe(200);
      phone.head = ann.head;
      const limited = await push(phone, "4");
      expect(limited).toMatchObject({ status: 429, body: { code: "rate-limited" } });
      expect(limited.headers.get("retry-after")).toBe("40");
    });
  });
});
