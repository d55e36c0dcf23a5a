/**
 * Files that are never half written (P3C-16): a new file beside the old one, fsynced, renamed over it, folder fsynced.
 * Whatever fails or dies in between, the old file is there whole; afterwards the new one is.
 */
import { randomBytes } from "node:crypto";
import { open, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ClientError } from "../../client-error.ts";
import { nodeFileSteps, type FileSteps } from "./file-steps.ts";

const maxWalletFileBytes = 64 * 1024 * 1024;

/**
 * Replaces a file's content, mode 0600. `draftName` names the new file meanwhile: a fixed name only where one
 * writer at a time is certain, and then what a killed one left behind is cleared away.
 */
export async function replaceFile(
  steps: FileSteps,
  path: string,
  text: string,
  draftName: string,
): Promise<void> {
  const target = await followLinks(path);
  const draft = join(dirname(target), draftName);
  try {
    await steps.remove(draft);
    const file = await steps.createFile(draft);
    try {
      await file.write(new TextEncoder().encode(text));
      await file.sync();
    } finally {
      await file.close();
    }
    await steps.rename(draft, target);
    await steps.syncFolder(dirname(target));
  } catch (cause) {
    await steps.remove(draft).catch(() => undefined);
    throw storageFailed("write", path, cause);
  }
}

/** The UTF-8 text of a file, null when there is none; at most 64 MiB. */
export async function readTextFile(path: string): Promise<string | null> {
  const bytes = await readBytes(path);
  if (bytes === null) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new ClientError("not-text", `${path} is not UTF-8 text, so it is no wallet.`, { cause });
  }
}

async function readBytes(path: string): Promise<Uint8Array | null> {
  try {
    const handle = await open(path, "r");
    try {
      const { size } = await handle.stat();
      if (size > maxWalletFileBytes) {
        throw new ClientError(
          "file-too-large",
          `${path} has ${size} bytes, far more than any wallet. It was not read.`,
        );
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof ClientError) throw cause;
    if (hasCode(cause, "ENOENT")) return null;
    throw storageFailed("read", path, cause);
  }
}

/** The UTF-8 text of a wallet file. Throws `ClientError`: `file-missing`, `file-too-large`, `not-text` or `storage-failed`. */
export async function readWalletFile(path: string): Promise<string> {
  const text = await readTextFile(path);
  if (text === null) throw new ClientError("file-missing", `There is no file ${path}.`);
  return text;
}

/** Writes a wallet file atomically, mode 0600; when anything fails the old file is untouched. Throws `ClientError` `storage-failed`. */
export async function writeWalletFile(path: string, text: string): Promise<void> {
  const draftName = `.${basename(path)}.${randomBytes(8).toString("hex")}.holdfast-new`;
  await replaceFile(nodeFileSteps, path, text, draftName);
}

export function storageFailed(verb: "read" | "write", path: string, cause: unknown): ClientError {
  const reason = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  const kept = verb === "write" ? " What was there before is untouched." : "";
  return new ClientError("storage-failed", `Could not ${verb} ${path}${reason}.${kept}`, { cause });
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/** A rename would replace a symbolic link instead of the file behind it. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return path;
    throw storageFailed("write", path, cause);
  }
}
