import {
  nodeFileSteps,
  type FileSteps,
} from "../../packages/client/src/adapters/node/file-steps.ts";

/** What a killed process throws at whoever still waits for it. */
export class Killed extends Error {}

type StepKind = "create" | "write" | "sync" | "rename" | "sync-folder" | "remove";

export type Death = {
  /** the number of the file step it dies in, from 1 */
  readonly step: number;
  /** `before` doing it, `halfway` through (a write of half the bytes), or right `after` */
  readonly moment: "before" | "halfway" | "after";
};

/** File steps of a process that is killed at one of them; none of the later ones happens. */
export function createCrashingSteps(death: Death | null): {
  readonly steps: FileSteps;
  /** how many steps were begun */
  count(): number;
  /** what kind each of them was */
  kinds(): readonly StepKind[];
  /** From now on nothing happens any more. */
  kill(): void;
} {
  const kinds: StepKind[] = [];
  let isDead = false;
  const run = async <Result>(
    kind: StepKind,
    step: () => Promise<Result>,
    half?: { readonly part: () => Promise<void>; readonly whole?: () => Promise<void> },
  ): Promise<Result> => {
    if (isDead) throw new Killed();
    kinds.push(kind);
    if (kinds.length !== death?.step) return await step();
    isDead = true;
    if (death.moment === "after") await (half?.whole ?? step)();
    if (death.moment === "halfway") await half?.part();
    throw new Killed();
  };
  return {
    count: () => kinds.length,
    kinds: () => kinds,
    kill() {
      isDead = true;
    },
    steps: {
      makePrivateFolder: async (path) => {
        await nodeFileSteps.makePrivateFolder(path);
      },
      async createFile(path) {
        const file = await run("create", async () => await nodeFileSteps.createFile(path), {
          part: async () => undefined,
          whole: async () => {
            await (await nodeFileSteps.createFile(path)).close();
          },
        });
        return {
          write: async (bytes) => {
            await run(
              "write",
              async () => {
                await file.write(bytes);
              },
              {
                part: async () => {
                  await file.write(bytes.subarray(0, bytes.length / 2));
                },
              },
            );
          },
          sync: async () => {
            await run("sync", async () => {
              await file.sync();
            });
          },
          close: async () => {
            await file.close();
          },
        };
      },
      rename: async (from, to) => {
        await run("rename", async () => {
          await nodeFileSteps.rename(from, to);
        });
      },
      syncFolder: async (path) => {
        await run("sync-folder", async () => {
          await nodeFileSteps.syncFolder(path);
        });
      },
      remove: async (path) => {
        await run("remove", async () => {
          await nodeFileSteps.remove(path);
        });
      },
    },
  };
}
