/** The test of the test: each of these defects is noticed. */
import { createJsonFormat } from "@holdfast/wallet/json";
import { lbryFormat } from "@holdfast/wallet/lbry";
import { expect, test } from "vitest";
import { findFailure, findMergeFailure } from "./find-failure.ts";
import { mergeMutations } from "./merge-mutations.ts";
import { predicates } from "./merge-predicates.ts";
import { mutations } from "./mutations.ts";
import { withEngineVariant, withFormatVariant } from "./variants.ts";

test.each(mutations)("an engine that $name is caught", async (mutation) => {
  const failure = await withEngineVariant(mutation, (variant) => findFailure(variant, 60, 3000));
  expect(failure).not.toBeNull();
});

test.each(mergeMutations)("a merge that $name is caught", async (mutation) => {
  const failure = await withFormatVariant(mutation, findMergeFailure);
  expect(failure).not.toBeNull();
});

test.each(predicates)("$name", ({ holds }) => {
  expect(holds({ createJsonFormat, lbryFormat })).toBe(true);
});
