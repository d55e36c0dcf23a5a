import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTemporaryFolder, type ServerProcess, startServerProcess } from "@holdfast/testing";
import { logInByPassword, register } from "@holdfast/client/protocol-4";
import { createPlatform, openWallet } from "./protocol-4/device-4.ts";

const folder = createTemporaryFolder();
let server: ServerProcess;
let host: URL;

beforeAll(async () => {
  server = await startServerProcess({ dataDir: folder.path });
  host = new URL(server.url);
});
afterAll(async () => {
  await server.stop();
  folder.remove();
});

describe("an account of protocol 4", () => {
  test("[P4K-30] is registered, and another device logs in by password and has the wallet", async () => {
    const one = createPlatform();
    const registered = await register(one.ports, {
      host,
      id: "one@example.com",
      password: "correct horse",
      deviceName: "one",
    });
    expect(registered).toMatchObject({ type: "registered" });
    if (registered.type !== "registered") return;
    const wallet = openWallet(registered.account);
    await wallet.edit({ cow: 1 });
    expect(wallet.reports).toEqual([]);
    expect(wallet.driver.state().differs).toBe(false);
    expect(wallet.driver.state().record.synced.sequence).toBe(1);

    const two = createPlatform();
    const login = await logInByPassword(two.ports, {
      host,
      id: "one@example.com",
      password: "correct horse",
      deviceName: "two",
    });
    expect(login).toMatchObject({ type: "logged-in" });
    if (login.type !== "logged-in") return;
    const other = openWallet(login.account);
    await other.driver.whenQuiet();
    expect(other.view()).toEqual({ cow: 1 });
    await other.edit({ horse: 2 });
    await wallet.syncNow();
    expect(wallet.view()).toEqual({ cow: 1, horse: 2 });
    expect([...wallet.reports, ...other.reports]).toEqual([]);
    wallet.driver.stop();
    other.driver.stop();
  });
});
