import type { ContentFormat } from "@holdfast/client/engine";
import type { Random } from "../random/random.ts";

/** After it, `path` has `value` (null: nothing). */
export type Change = {
  readonly path: string;
  readonly value: string | null;
  /** it had this value before, and an answer to a conflict says that it is right */
  readonly isAffirmed?: boolean;
  /** what stood there */
  readonly removed?: string | null;
};

/** One thing a person did. */
export type PersonEdit<Content> = {
  readonly content: Content;
  readonly changes: readonly Change[];
};

/** What a person works with. */
export type Desk = {
  readonly random: Random;
  /** the device's clock, which may be years off */
  readonly nowMs: number;
  /** a text that never was used before and never may leave the device in the clear */
  readonly fresh: () => string;
};

/** A kind of wallet, as a simulation needs it: its format, its text, and what people do with it. */
export type SimulatedWallet<Content> = {
  readonly format: ContentFormat<Content>;
  /** false: a value that comes back is as if it had never gone, so that whoever goes on from it overwrites it */
  readonly marksEdits: boolean;
  readonly serialize: (content: Content) => string;
  readonly parse: (text: string) => Content;
  /** A person's edit; null: nothing to do in this wallet. */
  readonly edit: (desk: Desk, content: Content) => PersonEdit<Content> | null;
  /** A person's answer to one of the open conflicts; null: there is none. */
  readonly answer: (desk: Desk, content: Content) => PersonEdit<Content> | null;
  /** Every path that has a value. */
  readonly pathsOf: (content: Content) => readonly string[];
  readonly valueAt: (content: Content, path: string) => string | null;
  /** The values of open conflicts: path and value. */
  readonly listed: (
    content: Content,
  ) => readonly { readonly path: string; readonly value: string | null }[];
  /** Names of all keys, retired ones included. */
  readonly keyIds: (content: Content) => Iterable<string>;
};
