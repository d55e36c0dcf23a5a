/** What comes of work on the wallet of this device. */
import type { Conflict, JsonValue } from "@holdfast/wallet/lbry";
import type { MergeRefused, WalletFailure } from "./failures.ts";

/** No wallet of another account lies in the profile. */
export type NothingLeft = { readonly type: "nothing-left" };

export type TakeOverOutcome =
  /** the next sync merges it; `from`: whose it was */
  { readonly type: "taken-over"; readonly from: string } | NothingLeft;

/** A conflict that waits for a person's decision. */
export type OpenConflict = {
  readonly id: string;
  readonly path: readonly string[];
  readonly reason: Conflict["reason"];
  /** `advanced`: of unknown structure, to be looked at before one of the values is chosen */
  readonly tier: Conflict["tier"];
  /** what happened and what is shown until it is decided: a sentence for people, without secrets */
  readonly description: string;
  /** whether the values may be keys or seeds */
  readonly isSecret: boolean;
  /** in an order that is the same on every device */
  readonly sides: readonly [ConflictSide, ConflictSide];
};
export type ConflictSide = {
  readonly choice: "first" | "second";
  /** undefined: removed */
  readonly value: JsonValue | undefined;
  readonly isShown: boolean;
  /** what choosing it would change now, in sentences without secrets; null: what it belongs to is gone */
  readonly effect: readonly string[] | null;
};
export type ResolveConflictOutcome =
  | {
      readonly type: "resolved";
      /** how many are left */
      readonly openConflicts: number;
      readonly hasLocalChanges: boolean;
    }
  | { readonly type: "unknown-conflict" }
  /** what the value belongs to is gone; only `shown` closes the conflict */
  | { readonly type: "place-is-gone" };

/** The preference in which Holdfast keeps conflicts and retired keys is not one of the person's. */
export type ReservedPreference = { readonly type: "reserved-preference"; readonly key: string };

export type ImportOutcome =
  | {
      readonly type: "imported";
      readonly how: "taken" | "merged";
      readonly hasLocalChanges: boolean;
      readonly openConflicts: number;
    }
  | { readonly type: "wallet-refused"; readonly detail: string }
  | MergeRefused
  | WalletFailure;
