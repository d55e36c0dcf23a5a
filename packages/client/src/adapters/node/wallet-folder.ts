/**
 * A wallet client's durable memory as a folder for its owner's eyes only: `state.json` with the wallet in the clear,
 * `account.json`, and `lock`, whose holder leads. Every write is a new file renamed over the old one (SYNC-1).
 */
import { chmod, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ClientError } from "../../client-error.ts";
import type {
  HeldStore,
  LoadOutcome,
  StoreOutcome,
  WalletStore,
} from "../../ports/wallet-store.ts";
import { readTextFile, replaceFile } from "./atomic-file.ts";
import { nodeFileSteps, type FileSteps } from "./file-steps.ts";
import { takeFolderLock, type FolderLock } from "./folder-lock.ts";

/** Made when first needed, mode 0700, files 0600. A folder that holds other things is refused and stays as it is. */
export function openWalletFolder(folder: string, steps: FileSteps = nodeFileSteps): WalletStore {
  const root = resolve(folder);
  return {
    location: root,
    peers: null,
    async lead() {
      try {
        if (await isForeign(root))
          return {
            type: "unusable",
            detail: "the folder holds other files; give a new or an empty one",
          };
        await steps.makePrivateFolder(root);
        const lockPath = join(root, "lock");
        const lock = takeFolderLock(lockPath);
        if (lock === null) return { type: "led-by-another" };
        await chmod(lockPath, 0o600);
        return { type: "leading", store: holdFolder(root, lock, steps) };
      } catch (error) {
        return { type: "unusable", detail: explain(error) };
      }
    },
  };
}

function holdFolder(root: string, lock: FolderLock, steps: FileSteps): HeldStore {
  let lastWrite: Promise<unknown> = Promise.resolve();
  let isReleased = false;
  const write = async (path: string, draftName: string, text: string): Promise<StoreOutcome> => {
    try {
      await replaceFile(steps, path, text, draftName);
      return { type: "saved" };
    } catch (error) {
      if (!(error instanceof ClientError)) throw error;
      const reason = isFull(error) ? "disk-full" : "disk-failed";
      return { type: "failed", reason, detail: error.message };
    }
  };
  return {
    async load(slot): Promise<LoadOutcome> {
      try {
        const text = await readTextFile(join(root, `${slot}.json`));
        return text === null ? { type: "none" } : { type: "text", text };
      } catch (error) {
        return { type: "unreadable", detail: explain(error) };
      }
    },
    async save(slot, text) {
      if (isReleased)
        return { type: "failed", reason: "not-leader", detail: "another program leads by now" };
      // One after the other: two writers of one file would share its draft.
      const previous = lastWrite;
      const mine = previous.then(
        async () => await write(join(root, `${slot}.json`), `.${slot}.json.new`, text),
      );
      lastWrite = mine.catch(() => undefined);
      return await mine;
    },
    async release() {
      isReleased = true;
      await lastWrite;
      lock.release();
    },
  };
}

/** Somebody's own folder, named by mistake, is neither closed to others nor written into. */
async function isForeign(root: string): Promise<boolean> {
  // What cannot be listed fails in the next step, with a better word for it.
  const names = await readdir(root).catch((): string[] => []);
  return names.length > 0 && !names.includes("lock");
}

function isFull(error: ClientError): boolean {
  const { cause } = error;
  return (
    cause instanceof Error &&
    "code" in cause &&
    (cause.code === "ENOSPC" || cause.code === "EDQUOT")
  );
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
