import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The directions of docs/architecture.md are lint rules; this shows that each rule bites, and only where it should.

const root = fileURLToPath(new URL("..", import.meta.url));

const forbidden: readonly (readonly [file: string, code: string])[] = [
  ["packages/protocol/src/a.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["packages/wallet/src/a.ts", 'export { x } from "@holdfast/protocol";'],
  ["packages/wallet/src/b.ts", 'export { readFile } from "node:fs/promises";'],
  ["packages/wallet/src/c.ts", "export const now = () => Date.now();"],
  ["packages/wallet/src/d.ts", "export const roll = () => Math.random();"],
  ["packages/wallet/src/e.ts", 'export const bytes = Buffer.from("");'],
  ["packages/crypto/src/a.ts", 'export { x } from "@holdfast/protocol";'],
  ["packages/crypto/src/b.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["packages/crypto/src/c.ts", 'export { createHash } from "node:crypto";'],
  ["packages/crypto/src/d.ts", "export const now = () => Date.now();"],
  [
    "packages/crypto/src/e.ts",
    "export const key = () => crypto.getRandomValues(new Uint8Array(32));",
  ],
  ["packages/client/src/engine/a.ts", "export const now = () => Date.now();"],
  ["packages/client/src/engine/b.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["packages/client/src/engine/c.ts", 'export { x } from "../adapters/node.ts";'],
  ["packages/client/src/a.ts", 'export { x } from "@holdfast/server";'],
  ["apps/server/src/http/a.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["apps/server/src/stores/a.ts", 'export { x } from "@holdfast/client";'],
  ["apps/server/src/http/b.ts", 'export { x } from "@holdfast/crypto";'],
  ["apps/server/src/accounts/b.ts", 'export { x } from "@holdfast/crypto";'],
  ["apps/server/src/accounts/a.ts", 'export { x } from "../http/a.ts";'],
  ["apps/server/src/wallets/a.ts", 'export { x } from "../stores/a.ts";'],
  ["apps/server/src/sessions/a.ts", 'export { x } from "fastify";'],
  ["apps/server/src/sessions/b.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["apps/server/src/credentials/a.ts", 'export { x } from "../http/a.ts";'],
  ["apps/server/src/credentials/b.ts", 'export { x } from "@holdfast/crypto";'],
  ["apps/server/src/revisions/a.ts", 'export { x } from "../stores/a.ts";'],
  ["apps/server/src/second-factor/a.ts", 'export { x } from "fastify";'],
  ["apps/server/src/pairing/a.ts", 'export { x } from "../notify/a.ts";'],
  ["apps/server/src/upgrade/a.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["apps/cli/src/a.ts", 'export { x } from "../../server/src/main.ts";'],
];

const allowed: readonly (readonly [file: string, code: string])[] = [
  ["packages/client/src/ok.ts", 'export { x } from "@holdfast/wallet/lbry";'],
  ["packages/client/src/ok-crypto.ts", 'export { x } from "@holdfast/crypto";'],
  ["apps/server/src/http/ok-verify.ts", 'export { x } from "@holdfast/crypto/verify";'],
  ["apps/server/src/revisions/ok-verify.ts", 'export { x } from "@holdfast/crypto/verify";'],
  ["apps/server/src/accounts/ok-verify.ts", 'export { x } from "@holdfast/crypto/verify";'],
  ["apps/server/src/http/ok.ts", 'export { x } from "@holdfast/protocol";'],
  ["apps/cli/src/ok.ts", 'export { x } from "@holdfast/client/node";'],
];

describe("dependency directions", () => {
  let folder: string;
  let findings: readonly { filename: string; code: string }[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "holdfast-boundaries-"));
    cpSync(join(root, ".oxlintrc.json"), join(folder, ".oxlintrc.json"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const [file, code] of [...forbidden, ...allowed]) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${code}\n`);
    }
    const run = spawnSync(
      process.execPath,
      [join(root, "node_modules/oxlint/bin/oxlint"), "--format=json", "packages", "apps"],
      { cwd: folder, encoding: "utf8" },
    );
    findings = (JSON.parse(run.stdout) as { diagnostics: typeof findings }).diagnostics.filter(
      ({ code }) => code.includes("no-restricted"),
    );
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(forbidden)("%s may not contain: %s", (file) => {
    expect(findings.map(({ filename }) => filename)).toContain(file);
  });

  it.each(allowed)("%s may contain: %s", (file) => {
    expect(findings.map(({ filename }) => filename)).not.toContain(file);
  });
});
