import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Secret } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { createTemporaryFolder, startServerProcess } from "@holdfast/testing";
import { expect, it } from "vitest";

const program = fileURLToPath(new URL("../docs/guide/examples/second-device.ts", import.meta.url));

it("the guide's program for app developers runs as it is printed", async () => {
  const folder = createTemporaryFolder();
  const server = await startServerProcess({ dataDir: join(folder.path, "host") });
  try {
    const email = "joe@example.com";
    const password = "correct horse battery staple";
    const account = { server: server.url, email, password: new Secret(password) };
    const registered = await createNodeDevice(join(folder.path, "first")).register(account);
    expect(registered.type).toBe("registered");

    const run = spawnSync(
      process.execPath,
      ["--conditions=@holdfast/source", program, server.url, email, join(folder.path, "app")],
      { encoding: "utf8", env: { PATH: process.env["PATH"], HOLDFAST_PASSWORD: password } },
    );
    expect(run.stderr).toBe("");
    expect(run.stdout).toBe('in sync at revision 1\nanimal = "cow"\n');
  } finally {
    await server.stop();
    folder.remove();
  }
});
