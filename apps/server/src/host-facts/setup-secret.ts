/**
 * The host's OPAQUE setup secret (P4-10, P4-11): 128 bytes that lie apart from the database, in a file of their own or an
 * environment variable, so that the database alone lets nobody test a password.
 *
 * Invariant: a database and a secret that do not belong together never start a host, because no password would open
 * anything; a new secret is made only for a database that never had one.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import {
  createOpaqueSetup,
  encodeBase64url,
  hashBytes,
  type OpaqueSetup,
  parseOpaqueSetup,
} from "@holdfast/crypto/verify";
import { ServerError } from "../server-error.ts";
import type { HostFactStore } from "./host-fact-store.ts";

const FACT = "opaque-setup-fingerprint";
const VARIABLE = "HOLDFAST_OPAQUE_SETUP";

/** Where the secret lies when no environment variable has it. */
export function setupSecretPath(dataDir: string): string {
  return join(dataDir, "opaque-setup");
}

/**
 * The secret of this host. `given` is the environment's; `path` is where the file is or is to be, undefined for a host that
 * keeps nothing. Throws ServerError `setup-secret-unusable`.
 */
export async function openSetupSecret(
  facts: HostFactStore,
  given: string | undefined,
  path: string | undefined,
): Promise<OpaqueSetup> {
  const known = await facts.find(FACT);
  const setup = await readOrCreate(given, path, known !== undefined);
  const fingerprint = hashBytes(setup.expose());
  if ((await facts.remember(FACT, fingerprint)) === fingerprint) return setup;
  const where = given === undefined ? `the file ${path ?? ""}` : `the variable ${VARIABLE}`;
  throw unusable(
    `The setup secret in ${where} is not the one that this database was made with, so no password would open anything. Put back the secret that belongs to the database: restore both from the same backup.`,
  );
}

async function readOrCreate(
  given: string | undefined,
  path: string | undefined,
  isExpected: boolean,
): Promise<OpaqueSetup> {
  if (given !== undefined) return parse(given, `the variable ${VARIABLE}`);
  if (path === undefined) return createOpaqueSetup();
  const text = read(path);
  if (text !== undefined) return parse(text, `the file ${path}`);
  if (isExpected) {
    throw unusable(
      `The setup secret is missing: there is no file ${path}, and ${VARIABLE} is not set. Without it no password of this database opens anything. Restore it from your backup.`,
    );
  }
  const setup = await createOpaqueSetup();
  write(path, encodeBase64url(setup.expose()));
  return setup;
}

function parse(text: string, where: string): OpaqueSetup {
  try {
    return parseOpaqueSetup(text);
  } catch {
    throw unusable(`The setup secret in ${where} is damaged: it must be 128 bytes in base64url.`);
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unusable(`The setup secret in the file ${path} cannot be read.`, cause);
  }
}

/** On disk before anybody registers with it. */
function write(path: string, text: string): void {
  try {
    const file = openSync(path, "wx", 0o600);
    try {
      writeSync(file, `${text}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw unusable(`The setup secret cannot be written to the file ${path}.`, cause);
  }
}

function unusable(message: string, cause?: unknown): ServerError {
  return new ServerError("setup-secret-unusable", message, { cause });
}
