/**
 * A device's durable memory as a folder (P3C-14 to P3C-18): `profile.json` with keys and token, `state.json` with the wallet, its merge base
 * and what is in flight, and `lock`. For its owner's eyes only.
 */
import { createHash } from "node:crypto";
import { watch, type FSWatcher } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ClientError } from "../../client-error.ts";
import type { DeviceStore, ReadFileOutcome, StoreSession } from "../../device/device-ports.ts";
import { readTextFile, replaceFile, storageFailed } from "./atomic-file.ts";
import { nodeFileSteps, type FileSteps } from "./file-steps.ts";
import { takeFolderLock, type FolderLock } from "./folder-lock.ts";

const retryLockMs = 40;
/** A wallet is often written several times in a row. */
const settleMs = 100;

export function openProfileFolder(folder: string, steps: FileSteps = nodeFileSteps): DeviceStore {
  const root = resolve(folder);
  const profilePath = join(root, "profile.json");
  const draftSuffix = `${createHash("sha256").update(root).digest("hex").slice(0, 16)}.holdfast-new`;
  const statePath = join(root, "state.json");
  const partPath = (name: string): string => {
    if (!/^[\w-]{1,80}$/.test(name)) throw new TypeError("a part's name is no path");
    return join(root, `${name}.json`);
  };

  const replace = async (path: string, text: string): Promise<void> => {
    await replaceFile(steps, path, text, `.${basename(path)}.${draftSuffix}`);
  };

  const openSession = (lock: FolderLock): StoreSession => ({
    readProfile: async () => await readTextFile(profilePath),

    writeProfile: async (text) => {
      await replace(profilePath, text);
    },

    async removeProfile() {
      await steps.remove(profilePath);
      await steps.syncFolder(root);
    },

    readState: async () => await readTextFile(statePath),

    writeState: async (text) => {
      await replace(statePath, text);
    },

    async removeState() {
      await steps.remove(statePath);
      await steps.syncFolder(root);
    },

    readPart: async (name) => await readTextFile(partPath(name)),

    writePart: async (name, text) => {
      await replace(partPath(name), text);
    },

    async removePart(name) {
      await steps.remove(partPath(name));
      await steps.syncFolder(root);
    },

    async readFile(path) {
      return await readFileText(resolve(path));
    },

    async writeFile(path, text, expected) {
      const target = resolve(path);
      const now = await readFileText(target);
      if (now.type !== "text" || now.text !== expected) return { type: "changed-meanwhile" };
      await replace(target, text);
      return { type: "written" };
    },

    async release() {
      lock.release();
      return await Promise.resolve();
    },
  });

  return {
    watchWallet(path, onChange) {
      const files = path === null ? [statePath] : [statePath, resolve(path)];
      return watchFiles(files, onChange);
    },

    describe: (place) => {
      if (place === "profile") return profilePath;
      return place === "state" ? statePath : resolve(place.path);
    },

    async lock(waitMs) {
      const lockPath = join(root, "lock");
      const deadlineMs = performance.now() + waitMs;
      await refuseForeignFolder(root);
      try {
        await steps.makePrivateFolder(root);
        for (;;) {
          const lock = takeFolderLock(lockPath);
          if (lock !== null) {
            await chmod(lockPath, 0o600);
            return { type: "locked", session: openSession(lock) };
          }
          if (performance.now() >= deadlineMs) return { type: "in-use" };
          await sleep(retryLockMs);
        }
      } catch (cause) {
        throw storageFailed("write", lockPath, cause);
      }
    },
  };
}

/** Watches the folders of files, because a file that is replaced is another file. */
function watchFiles(paths: readonly string[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = paths.flatMap((path): FSWatcher[] => {
    try {
      const watcher = watch(dirname(path), { persistent: false }, (_, name) => {
        if (name !== basename(path)) return;
        clearTimeout(timer);
        timer = setTimeout(onChange, settleMs);
      });
      watcher.on("error", () => {
        watcher.close();
      });
      return [watcher];
    } catch {
      // The folder is not there, or the system watches no more: polls find the change later.
      return [];
    }
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** Somebody's own folder, named by mistake, is neither closed to others nor written into. */
async function refuseForeignFolder(root: string): Promise<void> {
  // What cannot be listed fails in the next step, with a better word for it.
  const names = await readdir(root).catch((): string[] => []);
  if (names.length === 0 || names.includes("profile.json") || names.includes("lock")) return;
  throw new ClientError(
    "not-a-profile",
    `The folder ${root} holds other files and is no Holdfast profile. Nothing was changed. Name a new or an empty folder as the profile.`,
  );
}

async function readFileText(path: string): Promise<ReadFileOutcome> {
  try {
    const text = await readTextFile(path);
    return text === null ? { type: "none" } : { type: "text", text };
  } catch (error) {
    if (error instanceof ClientError) return { type: "unreadable", detail: error.message };
    throw error;
  }
}
