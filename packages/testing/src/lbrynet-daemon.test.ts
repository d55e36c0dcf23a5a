import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  formatWalletFile,
  type JsonObject,
  type JsonValue,
  parseWallet,
  unlockWallet,
  unpackBlob,
} from "@holdfast/wallet/lbry";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LbrynetDaemon, startLbrynetDaemon } from "./lbrynet-daemon.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import { readVectors } from "./vectors.ts";

interface SyncCase {
  readonly name: string;
  readonly now: number;
  readonly local_wallet_file: string;
  readonly local_encryption_password: string | null;
  readonly unlock_password?: string;
  readonly password: string;
  readonly data?: string;
  readonly result_hash: string;
  readonly result_unpacked_json: string;
  readonly encryption_password_after: string | null;
  readonly is_locked_after: boolean;
  readonly saved_file: string;
  readonly error?: { readonly class: string };
}

let folder: ReturnType<typeof createTemporaryFolder>;
let daemon: LbrynetDaemon;

beforeEach(() => {
  folder = createTemporaryFolder();
});
afterEach(async () => {
  await daemon.close();
  folder.remove();
});

async function start(walletFile: string, options: { now?: number; password?: string | null } = {}) {
  writeFileSync(join(folder.path, "w"), walletFile, { mode: 0o600 });
  daemon = await startLbrynetDaemon({
    walletsFolder: folder.path,
    walletIds: ["w"],
    ...(options.now !== undefined && { now: () => options.now ?? 0 }),
    ...(typeof options.password === "string" && { passwords: { w: options.password } }),
  });
}

describe("the SDK's own answers", () => {
  it.each(readVectors<SyncCase>("preferences_merge", "sync_apply"))(
    "over HTTP: $name",
    async (one) => {
      await start(one.local_wallet_file, { now: one.now, password: one.local_encryption_password });
      if (one.unlock_password !== undefined) {
        await daemon.call("wallet_unlock", { password: one.unlock_password });
      }
      const { password, data } = one;
      const applied = await daemon
        .call("sync_apply", { password, ...(data !== undefined && { data }) })
        .then(
          async (result) => [
            textOf(result, "hash"),
            await unpackBlob(textOf(result, "data"), password),
            await daemon.call("sync_hash"),
          ],
          (error: Error) => error.name,
        );
      expect(applied).toEqual(
        one.error?.class ?? [one.result_hash, one.result_unpacked_json, one.result_hash],
      );
      const status = (await daemon.call("wallet_status")) as JsonObject;
      expect(status.get("is_locked")).toBe(one.is_locked_after);
      expect(inClear(readFileSync(join(folder.path, "w"), "utf8"), one)).toBe(
        inClear(one.saved_file, one),
      );
    },
  );
});

/** Ciphertexts depend on random init vectors. */
function inClear(file: string, one: SyncCase): string {
  const wallet = parseWallet(file);
  return formatWalletFile(
    one.is_locked_after ? wallet : unlockWallet(wallet, one.encryption_password_after ?? ""),
  );
}

describe("as a daemon", () => {
  const empty = formatWalletFile(new Map());

  it("keeps what is set, in the file as well", async () => {
    await start(empty, { now: 100 });
    await daemon.call("preference_set", { key: "shared", value: '{"a": 1}' });
    expect(await daemon.call("preference_get", { key: "shared" })).toEqual(
      new Map([["shared", new Map([["a", 1n]])]]),
    );
    expect(await daemon.call("preference_get", { key: "other" })).toBeNull();
    expect(readFileSync(join(folder.path, "w"), "utf8")).toContain('"ts": 100');
  });

  it("names its errors: unknown wallets, wrong passwords, unknown methods", async () => {
    await start(empty);
    const refuses = (method: string, params: Record<string, string>, name: string) =>
      expect(daemon.call(method, params)).rejects.toMatchObject({ name });
    const data = textOf(await daemon.call("sync_apply", { password: "a" }), "data");
    await refuses("sync_hash", { wallet_id: "none" }, "WalletNotLoadedError");
    await refuses("sync_apply", { password: "b", data }, "InvalidPasswordError");
    await refuses("sync_wash", {}, "ValueError");
    expect(daemon.calls).toEqual(["sync_apply", "sync_hash", "sync_apply", "sync_wash"]);
  });

  it("refuses requests beyond 1 MiB", async () => {
    await start(empty);
    const answer = await fetch(daemon.url, { method: "POST", body: "x".repeat(1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
  });
});

function textOf(result: JsonValue, name: string): string {
  const value = result instanceof Map ? (result as JsonObject).get(name) : undefined;
  if (typeof value !== "string") throw new TypeError(`no ${name} in the answer`);
  return value;
}
