/** What every wallet format has in common: contents, conflicts, retired keys and differences. */
export type {
  Change,
  Conflict,
  ConflictChoice,
  ConflictReason,
  Conflicts,
  Content,
  ResolveOutcome,
  Retired,
  RetiredKey,
  WalletFormat,
} from "./wallet-format.ts";
export { joinContent, splitContent } from "./content-parts.ts";
export type { ContentParts } from "./content-parts.ts";
