/** A host and accounts for tests, made the way people make them. */
import {
  type HeldAccount,
  logInByPassword,
  type PasswordLogIn,
  register,
  type Registration,
} from "@holdfast/client/protocol-4";
import { createTemporaryFolder, startServerProcess, type ServerProcess } from "@holdfast/testing";
import { afterAll, beforeAll } from "vitest";
import { createPlatform, type DeviceOptions } from "./device-4.ts";

/** Starts a host for all tests of a file; it is gone after them, with what it stored. */
export function startHost(onStart: (url: URL) => void): void {
  const folder = createTemporaryFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess({ dataDir: folder.path });
    onStart(new URL(server.url));
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });
}

let people = 0;

export type Person = { readonly id: string; readonly password: string };

/** A new person's name and password. */
export function newPerson(): Person {
  people += 1;
  return { id: `person-${people}@example.com`, password: `correct horse ${people}` };
}

export type Held = {
  readonly platform: ReturnType<typeof createPlatform>;
  readonly account: HeldAccount;
};

export async function registered(
  host: URL,
  person: Person,
  more: Partial<Registration> & DeviceOptions = {},
): Promise<Held> {
  const platform = createPlatform(more);
  const { fetch: _, clock: __, loadOpaque: ___, ...input } = more;
  const outcome = await register(platform.ports, {
    host,
    ...person,
    deviceName: "first",
    ...input,
  });
  if (outcome.type !== "registered") throw new Error(`not registered: ${JSON.stringify(outcome)}`);
  return { platform, account: outcome.account };
}

export async function loggedIn(
  host: URL,
  person: Person,
  more: Partial<PasswordLogIn> & DeviceOptions = {},
): Promise<Held> {
  const platform = createPlatform(more);
  const { fetch: _, clock: __, loadOpaque: ___, ...input } = more;
  const outcome = await logInByPassword(platform.ports, {
    host,
    ...person,
    deviceName: "second",
    ...input,
  });
  if (outcome.type !== "logged-in") throw new Error(`not logged in: ${JSON.stringify(outcome)}`);
  return { platform, account: outcome.account };
}
