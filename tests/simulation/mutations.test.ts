/** The test of the test: each of these defects is noticed. */
import { readFileSync } from "node:fs";
import * as engine from "@holdfast/client/engine";
import { createJsonFormat } from "@holdfast/wallet/json";
import { lbryFormat } from "@holdfast/wallet/lbry";
import { expect, test } from "vitest";
import { type Catch, findMergeFailure, isCaught } from "./find-failure.ts";
import { mergeMutations } from "./merge-mutations.ts";
import { predicates } from "./merge-predicates.ts";
import { modelMutations, mutations } from "./mutations.ts";
import { withEngineVariant, withFormatVariant, withModelVariant } from "./variants.ts";

/** By mutation, the run that notices it soonest (`npm run simulate:catches`). */
const catches = JSON.parse(
  readFileSync(new URL("catches.json", import.meta.url), "utf8"),
) as Partial<Record<string, Catch>>;

test.each(mutations)("an engine that $name is caught", async (mutation) => {
  const known = catches[mutation.name];
  expect(await withEngineVariant(mutation, (variant) => isCaught(known, variant))).toBe(true);
});

test.each(modelMutations)("a device that $name is caught", async (mutation) => {
  const known = catches[mutation.name];
  expect(await withModelVariant(mutation, (run) => isCaught(known, engine, run))).toBe(true);
});

test.each(mergeMutations)("a merge that $name is caught", async (mutation) => {
  const failure = await withFormatVariant(mutation, findMergeFailure);
  expect(failure).not.toBeNull();
});

test.each(predicates)("$name", ({ holds }) => {
  expect(holds({ createJsonFormat, lbryFormat })).toBe(true);
});
