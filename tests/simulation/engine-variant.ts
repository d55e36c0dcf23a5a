import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { EngineModule } from "@holdfast/testing";
import type { Mutation } from "./mutations.ts";

const engineFolder = fileURLToPath(new URL("../../packages/client/src/engine", import.meta.url));

/** Loads a copy of the engine with one mutation, and runs `use` with it. Throws when the mutation no longer fits the source. */
export async function withVariant<Result>(
  { name, file, find, replace }: Mutation,
  use: (engine: EngineModule) => Result,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-variant-"));
  try {
    cpSync(engineFolder, folder, { recursive: true });
    const path = join(folder, file);
    const parts = readFileSync(path, "utf8").split(find);
    if (parts.length !== 2)
      throw new Error(`mutation "${name}" fits ${String(parts.length - 1)} places in ${file}`);
    writeFileSync(path, parts.join(replace));
    return use((await import(pathToFileURL(join(folder, "index.ts")).href)) as EngineModule);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
