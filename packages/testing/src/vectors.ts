import { readFileSync } from "node:fs";

/** One case of a vector file; its fields are described in `vectors/README.md`. */
export type VectorCase = { readonly name: string; readonly kind?: string } & Readonly<
  Record<string, unknown>
>;

/** The cases of `vectors/<name>.json`, optionally of one kind. Throws when there are none: an empty loop proves nothing. */
export function readVectors<Case = VectorCase>(name: string, kind?: string): readonly Case[] {
  const file = new URL(`../../../vectors/${name}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: VectorCase[] };
  const chosen = kind === undefined ? cases : cases.filter((one) => one.kind === kind);
  if (chosen.length === 0) throw new Error(`no vectors of kind ${kind ?? "any"} in ${name}`);
  return chosen as unknown as readonly Case[];
}
