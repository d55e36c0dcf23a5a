import { MessageChannel } from "node:worker_threads";
import { scrypt as nobleScrypt } from "@noble/hashes/scrypt.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DerivationProgress, Scrypt } from "../ports/scrypt.ts";
import { createWorkerScrypt, serveScrypt, type MessageEnd } from "./browser/worker-scrypt.ts";
import { wasmScrypt } from "./browser/wasm-scrypt.ts";
import { nativeScrypt } from "./node/native-scrypt.ts";

function throughMessages(): Scrypt {
  return createWorkerScrypt(workingWorker);
}

function workingWorker(): MessageEnd {
  const { port1, port2 } = new MessageChannel();
  port1.start();
  port2.start();
  port1.unref();
  port2.unref();
  serveScrypt(port2 as unknown as MessageEnd);
  return port1 as unknown as MessageEnd;
}

describe.each([
  ["native", nativeScrypt],
  ["WebAssembly", wasmScrypt],
  ["WebAssembly in a worker", throughMessages()],
])("scrypt: %s", (_, scrypt) => {
  it("[P3C-2] gives RFC 7914's third test vector", async () => {
    const key = await scrypt(utf8ToBytes("pleaseletmein"), utf8ToBytes("SodiumChloride"), {
      N: 16384,
      r: 8,
      p: 1,
      dkLen: 64,
    });
    expect(bytesToHex(key)).toBe(
      "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2" +
        "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
    );
  });

  it("[P3C-2] gives what noble's scrypt gives, for any password and salt", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 70 }),
        fc.uint8Array({ maxLength: 70 }),
        fc.constantFrom(16, 64, 96),
        async (password, salt, dkLen) => {
          const params = { N: 16, r: 8, p: 1, dkLen };
          const key = await scrypt(password, salt, params);
          expect(bytesToHex(key)).toBe(bytesToHex(nobleScrypt(password, salt, params)));
        },
      ),
      { examples: [[new Uint8Array(), new Uint8Array(), 64]], numRuns: 25 },
    );
  });

  it("[P3C-8] reports elapsed time against a measured estimate, and the end", async () => {
    const reports: DerivationProgress[] = [];
    await scrypt(
      utf8ToBytes("p"),
      utf8ToBytes("s"),
      { N: 65536, r: 8, p: 1, dkLen: 32 },
      (progress) => {
        reports.push(progress);
      },
    );
    expect(reports.length).toBeGreaterThanOrEqual(2);
    expect(reports[0]?.estimatedMs).toBeGreaterThan(0);
    expect(reports.at(-1)?.elapsedMs).toBeGreaterThan(reports[0]?.elapsedMs ?? Infinity);
  });
});

it("[P3C-8] a worker that fails is an error, not a wait for ever", async () => {
  const scrypt = throughMessages();
  await expect(
    scrypt(utf8ToBytes("p"), utf8ToBytes("s"), { N: 1000, r: 8, p: 1, dkLen: 32 }),
  ).rejects.toThrow("key derivation failed");
});

it("[P3C-8] a worker that does not load is an error, and the next derivation gets another one", async () => {
  const ends = [failingWorker(), workingWorker()];
  const scrypt = createWorkerScrypt(() => ends.shift() as MessageEnd);
  const derive = async () =>
    await scrypt(utf8ToBytes("p"), utf8ToBytes("s"), { N: 16, r: 8, p: 1, dkLen: 32 });
  await expect(derive()).rejects.toThrow("the worker failed");
  expect(await derive()).toHaveLength(32);
});

/** Says what a browser says of a worker whose program it cannot get. */
function failingWorker(): MessageEnd {
  const target = new EventTarget();
  return {
    addEventListener: (type: string, listener: (event: never) => void) => {
      target.addEventListener(type, listener as (event: Event) => void);
    },
    postMessage: () => {
      setImmediate(() => target.dispatchEvent(new Event("error")));
    },
  };
}
