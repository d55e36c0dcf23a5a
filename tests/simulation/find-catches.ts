/** `npm run simulate:catches`: looks anew for the shortest run that notices each mutation, and writes `catches.json`. */
import { readFileSync, writeFileSync } from "node:fs";
import * as engine from "@holdfast/client/engine";
import { type Catch, shortestCatch } from "./find-failure.ts";
import { modelMutations, mutations } from "./mutations.ts";
import { withEngineVariant, withModelVariant } from "./variants.ts";

const file = new URL("catches.json", import.meta.url);
const only = process.argv.slice(2);
const catches = JSON.parse(readFileSync(file, "utf8")) as Record<string, Catch>;

function note(name: string, caught: Catch | null): void {
  if (caught === null) Reflect.deleteProperty(catches, name);
  else catches[name] = caught;
  process.stdout.write(`${name}: ${JSON.stringify(caught)}\n`);
}

const isWanted = ({ name }: { readonly name: string }): boolean =>
  only.length === 0 || only.some((text) => name.includes(text));
for (const mutation of mutations.filter(isWanted))
  note(mutation.name, await withEngineVariant(mutation, (variant) => shortestCatch(variant)));
for (const mutation of modelMutations.filter(isWanted))
  note(mutation.name, await withModelVariant(mutation, (run) => shortestCatch(engine, run)));
writeFileSync(file, `${JSON.stringify(catches, null, 2)}\n`);
