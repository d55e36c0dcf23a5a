/** Copies of our own sources with something small broken. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EngineModule, simulate } from "@holdfast/testing";
import type { createJsonFormat } from "@holdfast/wallet/json";
import type { lbryFormat } from "@holdfast/wallet/lbry";
import type { Mutation } from "./mutations.ts";

export type Simulate = typeof simulate;

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Runs `use` with the engine with one mutation. Throws when the mutation no longer fits the source. */
export async function withEngineVariant<Result>(
  mutation: Mutation,
  use: (engine: EngineModule) => Result,
): Promise<Result> {
  return withVariant("packages/client/src/engine", mutation, async (load) =>
    use((await load("index.ts")) as EngineModule),
  );
}

/** Runs `use` with a simulation whose devices have one mutation. */
export async function withModelVariant<Result>(
  mutation: Mutation,
  use: (simulate: Simulate) => Result,
): Promise<Result> {
  return withVariant("packages/testing/src", mutation, async (load) =>
    use(((await load("simulation/simulate.ts")) as { readonly simulate: Simulate }).simulate),
  );
}

export type FormatModules = {
  readonly createJsonFormat: typeof createJsonFormat;
  readonly lbryFormat: typeof lbryFormat;
};

/** The same with the wallet formats. */
export async function withFormatVariant<Result>(
  mutation: Mutation,
  use: (formats: FormatModules) => Result,
): Promise<Result> {
  return withVariant("packages/wallet/src", mutation, async (load) =>
    use({
      ...((await load("json-document/index.ts")) as Pick<FormatModules, "createJsonFormat">),
      ...((await load("lbry/index.ts")) as Pick<FormatModules, "lbryFormat">),
    }),
  );
}

async function withVariant<Result>(
  source: string,
  { name, file, find, replace }: Mutation,
  use: (load: (path: string) => Promise<unknown>) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-variant-"));
  try {
    cpSync(join(repository, source), join(folder, source), { recursive: true });
    for (const modules of [
      "node_modules",
      "packages/wallet/node_modules",
      "packages/testing/node_modules",
    ])
      if (existsSync(join(repository, modules))) {
        mkdirSync(dirname(join(folder, modules)), { recursive: true });
        symlinkSync(join(repository, modules), join(folder, modules), "junction");
      }
    const path = join(folder, source, file);
    const parts = readFileSync(path, "utf8").split(find);
    if (parts.length !== 2)
      throw new Error(`mutation "${name}" fits ${String(parts.length - 1)} places in ${file}`);
    writeFileSync(path, parts.join(replace));
    return await use((path) => import(pathToFileURL(join(folder, source, path)).href));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
