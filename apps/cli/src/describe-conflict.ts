/** Conflicts in words for people and in fields for scripts. Nothing here shows a value that may be a key or a seed. */
import type { ConflictSide, OpenConflict } from "@holdfast/client";
import { formatJson, lbryFormat } from "@holdfast/wallet/lbry";
import type { WalletDocument } from "@holdfast/wallet/lbry";
import { plural } from "./plural.ts";
import type { JsonFields } from "./terminal/json-output.ts";
import { WalletValue } from "./terminal/json-output.ts";
import { printable } from "./terminal/printable.ts";

const shortIdLength = 8;
const longestValue = 2000;

/** What a person has to know beside an answer; nothing if there is nothing to decide. */
export function needsDecision(openConflicts: number): readonly string[] {
  if (openConflicts === 0) return [];
  const needs = openConflicts === 1 ? "needs" : "need";
  return [
    `${plural(openConflicts, "conflict")} ${needs} your decision: \`holdfast conflicts list\` shows ${openConflicts === 1 ? "it" : "them"}.`,
  ];
}

/** How many conflicts in a wallet file wait for a decision. */
export function countConflicts(wallet: WalletDocument): number {
  return lbryFormat.conflictCount(lbryFormat.contentOf(wallet));
}

/** As much of an id as people have to type. */
export function shortId(id: string): string {
  return printable(id.slice(0, shortIdLength));
}

export function describeConflict(conflict: OpenConflict): readonly string[] {
  return [
    printable(conflict.description),
    ...conflict.sides.flatMap((side) => ["", ...describeSide(conflict, side)]),
    "",
    `\`holdfast conflicts resolve ${shortId(conflict.id)} --keep 1\` (or 2) decides, here and on every device; \`--keep shown\` leaves what is there now.`,
  ];
}

function describeSide(conflict: OpenConflict, side: ConflictSide): readonly string[] {
  const mark = side.isShown ? " (shown now)" : "";
  const effect =
    side.effect === null
      ? ["What it belongs to is no longer in the wallet."]
      : side.effect.length === 0
        ? ["Keeping it changes nothing."]
        : side.effect.map(printable);
  return [
    `${numberOf(side)}: ${valueWords(conflict, side)}${mark}`,
    ...effect.map((line) => `   ${line}`),
  ];
}

function valueWords({ isSecret }: OpenConflict, { value }: ConflictSide): string {
  if (value === undefined) return "removed";
  if (isSecret) return "a value that is kept secret here";
  const text = formatJson(value);
  return printable(text.length > longestValue ? `${text.slice(0, longestValue)}…` : text);
}

export function conflictJson({
  id,
  path,
  reason,
  tier,
  description,
  isSecret,
  sides,
}: OpenConflict): JsonFields {
  return {
    id,
    path,
    reason,
    tier,
    description,
    secret: isSecret,
    sides: sides.map((side) => ({
      keep: numberOf(side),
      removed: side.value === undefined,
      value: side.value === undefined || isSecret ? undefined : new WalletValue(side.value),
      shown: side.isShown,
      effect: side.effect,
    })),
  };
}

/** The number under which people choose a side. */
function numberOf({ choice }: ConflictSide): string {
  return choice === "first" ? "1" : "2";
}
