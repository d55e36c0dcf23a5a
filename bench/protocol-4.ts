/**
 * Protocol 4 beside protocol 3, against one server, rounds alternating: what a login costs the server (OPAQUE, scrypt), what storing 64 KiB
 * costs it (with and without a signature to check), what unlocking costs the client, and whether an id that nobody has is answered
 * in the time of one that somebody has (P4-31).
 *
 *     npm run bench:protocol-4 -- [rounds] [logins per round] [revisions per round]
 */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@holdfast/client";
import { nativeScrypt } from "@holdfast/client/node";
import { headOf, loadOpaqueClient, parseHostOrigin } from "@holdfast/crypto";
import { operations4 } from "@holdfast/protocol/protocol-4";
import { deriveSecrets } from "../packages/client/src/protocol-3/derive.ts";
import {
  type Device4,
  mainWallet,
  nextRevision,
  register,
  revisionBody,
  succeeded,
} from "../apps/server/src/testing/client-4.ts";
import { type ChildServer, startChildServer } from "./load/child-server.ts";
import { describeMachine, formatTable, median } from "./load/figures.ts";
import { startChromiumBench } from "./load/unlock-in-chromium.ts";
import { prepareUnlocking, type Unlocking } from "./load/unlocking.ts";

const opaqueClient = await loadOpaqueClient();
const [rounds = 7, logins = 5, revisions = 40] = process.argv.slice(2).map(Number);
const email = "bench@example.com";
const password = "correct horse battery";
const loginPassword = randomBytes(32).toString("base64");
const saltSeed = randomBytes(32).toString("hex");
/** Text that zlib takes back to some 63 KiB, so that the ciphertext is padded to 64 KiB. */
const newText = (): string => randomBytes(63_600).toString("base64");

const ways: readonly (keyof Unlocking)[] = ["password", "passcode", "stored"];

type Cost = { readonly cpuMs: number; readonly ms: number };

/** What `times` calls cost the server, each; only `call` is inside, what it needs is made before. */
async function measure(
  server: ChildServer,
  calls: readonly (() => Promise<unknown>)[],
): Promise<Cost> {
  const before = await server.cpuMicroseconds();
  const begin = performance.now();
  for (const call of calls) await call();
  const ms = performance.now() - begin;
  const used = (await server.cpuMicroseconds()) - before;
  return { cpuMs: used / 1000 / calls.length, ms: ms / calls.length };
}

async function post3(server: ChildServer, path: string, body: object): Promise<Response> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${server.url}/api/3${path}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function logIn3(server: ChildServer): Promise<string> {
  const body = { email, password: loginPassword, deviceId: "bench" };
  const answer = await post3(server, "/auth/full", body);
  return ((await answer.json()) as { token: string }).token;
}

/** The two rounds of OPAQUE; what the client computes in between is not the server's. */
async function logIn4({ call, id, origin }: Device4): Promise<void> {
  const round = opaqueClient.startLogin(password);
  const started = succeeded<{ loginId: string; response: string }>(
    await call(operations4.startSession, { body: { id, login: round.request } }),
  );
  const opened = opaqueClient.finishLogin(password, round, started.response, origin);
  if (opened.type !== "opened") throw new Error(opened.type);
  const device = { deviceId: "phone", name: "phone" };
  const body = { loginId: started.loginId, finish: opened.finish, device };
  succeeded(await call(operations4.finishSession, { body }));
}

const idCalls = ["start", "finish"] as const;
const idKinds = ["known", "unknown"] as const;

/** Logins with a wrong proof, of a known and an unknown id in turns: the milliseconds of each call, by call and kind. */
async function probeIds({ call, id }: Device4, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) {
    const kinds = at % 2 === 0 ? idKinds : idKinds.toReversed();
    for (const kind of kinds) {
      const { request: login } = opaqueClient.startLogin(password);
      const asked = kind === "known" ? id : `nobody-${at % 7}@example.com`;
      const begin = performance.now();
      const started = succeeded<{ loginId: string }>(
        await call(operations4.startSession, { body: { id: asked, login } }),
      );
      const between = performance.now();
      const device = { deviceId: "stranger", name: "stranger" };
      const finish = randomBytes(96).toString("base64url");
      const body = { loginId: started.loginId, finish, device };
      const refused = await call(operations4.finishSession, { body });
      if (refused.status !== 401) throw new Error(refused.text);
      const ends = performance.now();
      note(`start ${kind}`, { cpuMs: Number.NaN, ms: between - begin });
      note(`finish ${kind}`, { cpuMs: Number.NaN, ms: ends - between });
    }
  }
}

/** So many revisions, each on the one before it, ready to be sent. */
function prepareRevisions(device: Device4): (() => Promise<unknown>)[] {
  return Array.from({ length: revisions }, () => {
    const revision = nextRevision(device, newText());
    const body = JSON.stringify(revisionBody(device, revision));
    device.head = headOf(revision.header);
    const { length } = revision.encryptedWallet;
    if (Math.abs(length - 64 * 1024) > 100) throw new Error(`${length} bytes are not 64 KiB`);
    const { token } = device;
    return async () =>
      succeeded(
        await device.call(operations4.putWallet, { values: { walletId: mainWallet }, token, body }),
      );
  });
}

function prepareWallets(server: ChildServer, token: string, from: number) {
  return Array.from({ length: revisions }, (_, at) => {
    const encryptedWallet = randomBytes(64 * 1024).toString("base64");
    const hmac = randomBytes(32).toString("hex");
    const body = { token, encryptedWallet, sequence: from + at + 1, hmac };
    return async () => await post3(server, "/wallet", body);
  });
}

/** How long this process takes, and how much of its processors' time. */
async function timed(run: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const begin = performance.now();
  await run();
  const ms = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, ms };
}

const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
const figures = new Map<string, Cost[]>();
const note = (name: string, cost: Cost): void => {
  figures.set(name, [...(figures.get(name) ?? []), cost]);
};
try {
  const server = await startChildServer("holdfast", [folder, "open"]);
  await post3(server, "/signup", { email, password: loginPassword, clientSaltSeed: saltSeed });
  const origin = parseHostOrigin(server.url);
  const device = await register(
    server.url,
    "bench4@example.com",
    password,
    "laptop",
    origin,
    opaqueClient,
  );
  let token = await logIn3(server);
  await logIn4(device);
  const person = { host: server.url, id: device.id, password };
  const unlocking = await prepareUnlocking(person);
  const chromium = await startChromiumBench(person);
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    const many = Array.from({ length: logins });
    note(
      "login 3",
      await measure(
        server,
        many.map(() => async () => (token = await logIn3(server))),
      ),
    );
    note(
      "login 4",
      await measure(
        server,
        many.map(() => async () => {
          await logIn4(device);
        }),
      ),
    );
    await probeIds(device, 25 * logins);
    note("wallet 3", await measure(server, prepareWallets(server, token, (round - 1) * revisions)));
    note("wallet 4", await measure(server, prepareRevisions(device)));
    note(
      "scrypt",
      await timed(
        async () =>
          await deriveSecrets({ password: new Secret(password), email, saltSeed }, nativeScrypt),
      ),
    );
    for (const way of ways) {
      note(way, await timed(unlocking[way]));
      if (chromium !== null)
        note(`${way} in Chromium`, { cpuMs: Number.NaN, ms: await chromium.time(way) });
    }
  }
  await chromium?.close();
  await server.stop();

  const of = (name: string, field: keyof Cost): number =>
    median((figures.get(name) ?? []).map((cost) => cost[field]));
  const perSecond = (name: string): string => (1000 / of(name, "ms")).toFixed(0);
  const cells = (name: string): string[] => [
    of(name, "cpuMs").toFixed(2),
    of(name, "ms").toFixed(2),
  ];
  const inChromium = (way: string): string => of(`${way} in Chromium`, "ms").toFixed(2);
  process.stdout.write(
    [
      `${describeMachine()}; medians of ${rounds} rounds`,
      formatTable([
        ["one login", "server's CPU ms", "ms, the client's work included"],
        ["protocol 3, scrypt", ...cells("login 3")],
        ["protocol 4, OPAQUE", ...cells("login 4")],
      ]),
      formatTable([
        ["storing 64 KiB, one writer", "server's CPU ms", "ms", "per second"],
        ["protocol 3", ...cells("wallet 3"), perSecond("wallet 3")],
        ["protocol 4, checked and signed", ...cells("wallet 4"), perSecond("wallet 4")],
      ]),
      formatTable([
        ["wrong proof, ms", "an id that is known", "one that is not", "ratio"],
        ...idCalls.map((call) => [
          `POST /sessions/${call}`,
          ...idKinds.map((kind) => of(`${call} ${kind}`, "ms").toFixed(3)),
          (of(`${call} unknown`, "ms") / of(`${call} known`, "ms")).toFixed(3),
        ]),
      ]),
      formatTable([
        ["unlocking", "CPU ms in Node", "ms in Node", "ms in Chromium"],
        ["protocol 3, password (scrypt)", ...cells("scrypt"), ""],
        ["protocol 4, password (a login by OPAQUE)", ...cells("password"), inChromium("password")],
        ["protocol 4, passcode", ...cells("passcode"), inChromium("passcode")],
        ["protocol 4, stored key", ...cells("stored"), inChromium("stored")],
      ]),
    ].join("\n\n") + "\n",
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
