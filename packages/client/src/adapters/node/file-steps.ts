/**
 * The single steps of file work, as a port: a test makes any one of them fail, or be the last that a killed process
 * got to do.
 */
import { chmod, mkdir, open, rename, rm } from "node:fs/promises";

type OpenFile = {
  write(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
};

export type FileSteps = {
  /** Makes a folder for its owner alone, with those above it; one that exists is made private. */
  makePrivateFolder(path: string): Promise<void>;
  /** A new file for its owner alone; refuses one that exists. */
  createFile(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** Makes a rename or removal in this folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Removes a file, if there is one. */
  remove(path: string): Promise<void>;
};

export const nodeFileSteps: FileSteps = {
  async makePrivateFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await chmod(path, 0o700);
  },

  async createFile(path) {
    const handle = await open(path, "wx", 0o600);
    return {
      write: async (bytes) => {
        await handle.writeFile(bytes);
      },
      sync: async () => {
        await handle.sync();
      },
      close: async () => {
        await handle.close();
      },
    };
  },

  rename,

  async syncFolder(path) {
    // Windows cannot open folders, and makes renames durable by itself.
    if (process.platform === "win32") return;
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },

  async remove(path) {
    await rm(path, { force: true });
  },
};
