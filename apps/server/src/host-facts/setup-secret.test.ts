import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { ServerError } from "../server-error.ts";
import { temporaryDataDir } from "../stores/contract/open-for-test.ts";
import { createMemoryStores } from "../stores/memory/memory-stores.ts";
import { openSetupSecret, setupSecretPath } from "./setup-secret.ts";

function newHost() {
  const path = setupSecretPath(temporaryDataDir());
  const { hostFacts } = createMemoryStores();
  return { path, hostFacts, open: (given?: string) => openSetupSecret(hostFacts, given, path) };
}

const refused = { code: "setup-secret-unusable" satisfies ServerError["code"] };
const textOf = (path: string) => readFileSync(path, "utf8").trim();

test("[P4-10] the secret is made at the first start, for its owner's eyes, and stays", async () => {
  const { path, open } = newHost();
  const made = await open();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const written = textOf(path);
  expect(Buffer.from(made.expose()).toString("base64url")).toBe(written);
  expect((await open()).expose()).toEqual(made.expose());
  expect(textOf(path)).toBe(written);
});

test("[P4-10] the environment's secret is used instead of a file", async () => {
  const { path, hostFacts, open } = newHost();
  await open();
  const given = textOf(path);
  rmSync(path);
  expect((await open(given)).expose()).toHaveLength(128);
  const other = newHost();
  await other.open(given);
  expect(await other.hostFacts.find("opaque-setup-fingerprint")).toBe(
    await hostFacts.find("opaque-setup-fingerprint"),
  );
});

test("[P4-11] a database does not start with another secret, nor without one", async () => {
  const { path, open } = newHost();
  await open();
  const own = textOf(path);
  const stranger = newHost();
  await stranger.open();
  writeFileSync(path, textOf(stranger.path));
  await expect(open()).rejects.toMatchObject(refused);
  await expect(open(textOf(stranger.path))).rejects.toMatchObject(refused);
  rmSync(path);
  await expect(open()).rejects.toMatchObject(refused);
  await expect(open()).rejects.toThrow(/missing.*backup/);
  writeFileSync(path, own);
  await expect(open()).resolves.toBeDefined();
});

test("[P4-11] a damaged secret is refused, and no message repeats it", async () => {
  const { path, open } = newHost();
  await open();
  const damaged = `${textOf(path).slice(0, -5)}*canary`;
  writeFileSync(path, damaged);
  chmodSync(path, 0o600);
  const error = await open().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject(refused);
  expect((error as Error).message).not.toContain("canary");
});
