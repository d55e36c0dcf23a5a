/**
 * Which accounts were used with protocol 4 (P4K-5), as a folder with an empty file for each: programs that write at the same time
 * lose nothing of each other's, and there is no text to be damaged.
 */
import { randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import type { ProtocolMemory } from "../../ports/protocol-memory.ts";
import { hasCode, replaceFile, storageFailed } from "./atomic-file.ts";
import { nodeFileSteps, type FileSteps } from "./file-steps.ts";

export function openProtocolMemoryFolder(
  folder: string,
  steps: FileSteps = nodeFileSteps,
): ProtocolMemory {
  const root = resolve(folder);
  const has = async (name: string): Promise<boolean> => {
    const path = pathOf(root, name);
    try {
      await stat(path);
      return true;
    } catch (cause) {
      if (hasCode(cause, "ENOENT")) return false;
      throw storageFailed("read", path, cause);
    }
  };
  return {
    has,
    async add(name) {
      if (await has(name)) return;
      const path = pathOf(root, name);
      try {
        await steps.makePrivateFolder(root);
        await steps.syncFolder(dirname(root));
      } catch (cause) {
        throw storageFailed("write", path, cause);
      }
      await replaceFile(steps, path, "", `.${randomBytes(8).toString("hex")}.holdfast-new`);
    },
  };
}

/** The memory of all programs of this person on this machine. */
export const userProtocolMemory: ProtocolMemory = {
  has: async (name) => await openUserMemory().has(name),
  add: async (name) => {
    await openUserMemory().add(name);
  },
};

/** Where this person's data of Holdfast lies: by the XDG rules, or what stands for them on Windows. */
export function userDataFolder(): string {
  const { XDG_DATA_HOME: dataHome, LOCALAPPDATA: localAppData } = process.env;
  if (dataHome !== undefined && isAbsolute(dataHome)) return join(dataHome, "holdfast");
  if (process.platform === "win32" && localAppData !== undefined)
    return join(localAppData, "holdfast");
  return join(homedir(), ".local", "share", "holdfast");
}

function openUserMemory(): ProtocolMemory {
  return openProtocolMemoryFolder(join(userDataFolder(), "used-with-protocol-4"));
}

function pathOf(root: string, name: string): string {
  if (!/^[\w-]{1,80}$/.test(name)) throw new TypeError("an account's name is no path");
  return join(root, name);
}
