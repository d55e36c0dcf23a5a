import { Writable } from "node:stream";
import { endpoints3 } from "@holdfast/protocol";
import { describe, expect, test } from "vitest";
import { ServerError } from "../server-error.ts";
import { createMemoryStores } from "../stores/memory/memory-stores.ts";
import { openMemoryStores, refusedUpgrade, startTestServer } from "../testing/test-server.ts";
import { createLog, type LogOptions } from "./create-log.ts";

const logTo = (options: Omit<LogOptions, "output">) => {
  const lines: string[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  return { log: createLog({ ...options, output }), lines };
};

describe("[P3-6] nothing that opens anything is logged", () => {
  const canary = {
    password: "canary-password",
    newPassword: "canary-new-password",
    wallet: "canary-wallet",
    hmac: "canary-hmac",
    unknownToken: "c0ffee".padEnd(64, "0"),
    verifyToken: "c0ffee".padEnd(64, "1"),
    seed: "c0ffee".padEnd(64, "2"),
    otherSeed: "c0ffee".padEnd(64, "3"),
    device: "canary-device",
    query: "canary-query",
    body: "canary-body",
  };
  const email = "canary@example.com";
  const base64Email = Buffer.from(email).toString("base64");

  test("at any level, by any answer, when everything fails as well", async () => {
    const stores = createMemoryStores();
    let isFailing = false;
    const failing = <Store extends object>(store: Store): Store =>
      new Proxy(store, {
        get: (target, name, receiver) =>
          isFailing
            ? () => Promise.reject(new Error("the disk says no"))
            : (Reflect.get(target, name, receiver) as unknown),
      });
    const server = await startTestServer({
      settings: { log: { level: "trace", format: "json" } },
      stores: openMemoryStores({
        ...stores,
        accounts: failing(stores.accounts),
        sessions: failing(stores.sessions),
        wallets: failing(stores.wallets),
        verification: failing(stores.verification),
      }),
    });
    const { password, device: deviceId } = canary;
    const tokens: string[] = [];

    const callEverything = async (): Promise<void> => {
      await server.post(endpoints3.signUp, { email, password, clientSaltSeed: canary.seed });
      const { body } = await server.post(endpoints3.logIn, { email, password, deviceId });
      const { token = canary.unknownToken } = body as { token?: string };
      tokens.push(token);
      const wallet = { encryptedWallet: canary.wallet, sequence: 1, hmac: canary.hmac };
      await server.post(endpoints3.wallet, { token, ...wallet });
      await server.post(endpoints3.wallet, { token, ...wallet });
      await server.post(endpoints3.wallet, wallet, { authorization: `Bearer ${token}` });
      await server.post(endpoints3.wallet, `{"token":"${token}","${canary.body}":`);
      await server.post(endpoints3.wallet, { [canary.body]: 1 });
      await server.post(endpoints3.wallet, `"${canary.body}${"x".repeat(100_000)}"`);
      await server.get(`${endpoints3.wallet}?token=${token}`);
      await server.get(`${endpoints3.wallet}?token=${canary.unknownToken}`);
      await server.get(`${endpoints3.wallet}/${canary.query}?token=${token}`);
      await server.get(`/${canary.query}?${canary.query}=${token}`);
      await server.get(`/api/3/%zz?token=${token}`);
      await server.get(`${endpoints3.clientSaltSeed}?email=${base64Email}`);
      await server.get(`${endpoints3.verify}?verifyToken=${canary.verifyToken}`);
      const socketUrl = `${server.url}${endpoints3.websocket}`;
      await refusedUpgrade(`${socketUrl}?token=${canary.unknownToken}`);
      if (!isFailing) (await server.openSocket(token)).socket.terminate();
      await server.post(endpoints3.password, {
        email,
        oldPassword: password,
        newPassword: canary.newPassword,
        clientSaltSeed: canary.otherSeed,
      });
      await server.get("/readyz");
    };
    await callEverything();
    isFailing = true;
    await callEverything();
    await server.close();

    const output = server.output();
    expect(output).toContain('"route":"wallet"');
    expect(output).toContain("the disk says no");
    for (const secret of [...Object.values(canary), ...tokens, email, base64Email]) {
      expect(output).not.toContain(secret);
    }
  });

  test("a line has method, route, status, duration and request id, and nothing else", async () => {
    const server = await startTestServer({ settings: { log: { level: "info", format: "json" } } });
    await server.signUp("joe@example.com");
    await server.get(endpoints3.wallet);
    await server.get("/healthz");
    await server.close();
    const lines = server
      .output()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const requests = lines.filter(({ msg }) => msg === "request");
    const common = {
      level: "info",
      time: expect.any(String) as string,
      requestId: expect.any(String) as string,
      durationMs: expect.any(Number) as number,
      msg: "request",
    };
    expect(requests).toEqual([
      { ...common, method: "POST", route: "signup", status: 201 },
      { ...common, method: "GET", route: "wallet", status: 400 },
    ]);
  });
});

describe("an error in the log", () => {
  test("[P3-6] has kind, message, code and stack, and no other field of a library's error", () => {
    const { log, lines } = logTo({ level: "info", format: "json" });
    const cause = Object.assign(new Error("refused"), { code: "E1", rawPacket: "canary" });
    log.error({ err: new ServerError("store-failed", "no disk", { cause }) }, "failed");
    const [line = ""] = lines;
    expect(JSON.parse(line)).toMatchObject({
      level: "error",
      msg: "failed",
      err: {
        name: "ServerError",
        code: "store-failed",
        message: "no disk",
        cause: { name: "Error", code: "E1", message: "refused" },
      },
    });
    expect(line).not.toContain("canary");
  });

  test("[P3-6] that is no Error is not shown", () => {
    const { log, lines } = logTo({ level: "info", format: "json" });
    log.error({ err: "canary" }, "failed");
    expect(lines.join("")).not.toContain("canary");
  });

  test("[P3-6] whose causes go in circles still is one line", () => {
    const { log, lines } = logTo({ level: "info", format: "json" });
    const error = new Error("round");
    error.cause = error;
    log.error({ err: error }, "failed");
    expect(lines).toHaveLength(1);
  });
});

test("[P3-74] the text format is one short line, and the stack of an error below it", () => {
  const { log, lines } = logTo({ level: "info", format: "text" });
  log.info({ method: "GET", status: 200 }, "request");
  log.error({ err: new Error("no disk") }, "failed");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d info {2}request method=GET status=200\n$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d error failed\nError: no disk\n {4}at /);
});

test("[P3-74] below the chosen level nothing is written", () => {
  const { log, lines } = logTo({ level: "warn", format: "json" });
  log.info("quiet");
  expect(lines).toEqual([]);
  log.warn("loud");
  expect(lines).toHaveLength(1);
});
