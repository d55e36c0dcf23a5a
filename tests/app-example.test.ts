import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Secret } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { createTemporaryFolder, startServerProcess } from "@holdfast/testing";
import { expect, it } from "vitest";

const example = (name: string): string =>
  fileURLToPath(new URL(`../docs/guide/examples/${name}`, import.meta.url));

// Each program derives real keys, which takes a slow machine its time.
it("the guide's programs for app developers run as they are printed", async () => {
  const folder = createTemporaryFolder();
  const server = await startServerProcess({ dataDir: join(folder.path, "host") });
  try {
    const email = "joe@example.com";
    const password = "correct horse battery staple";
    const account = { server: server.url, email, password: new Secret(password) };
    const registered = await createNodeDevice(join(folder.path, "first")).register(account);
    expect(registered.type).toBe("registered");

    const run = (program: string) =>
      spawnSync(
        process.execPath,
        [
          "--conditions=@holdfast/source",
          example(program),
          server.url,
          email,
          join(folder.path, program),
        ],
        { encoding: "utf8", env: { PATH: process.env["PATH"], HOLDFAST_PASSWORD: password } },
      );
    const command = run("second-device.ts");
    expect(command.stderr).toBe("");
    expect(command.stdout).toBe('in sync at revision 1\nanimal = "cow"\n');

    const app = run("wallet-app.ts");
    expect(app.stderr).toBe("");
    const said = app.stdout.split("\n");
    expect(said).toContain("Sign in to have this wallet on your other devices. []");
    expect(said).toContain("Everything is saved and synced. [animal]");
    expect(said.at(-2)).toBe("The wallet is closed. []");
  } finally {
    await server.stop();
    folder.remove();
  }
}, 240_000);
