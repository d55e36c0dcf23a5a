import type { Line, OpenOutcome, ReportedHead, RevisionRef } from "@holdfast/client/engine";
import type { BoxKeys, ModelKeys } from "../crypto/model-keys.ts";
import type { StoredWallet } from "../host/wire.ts";

/** Keys of a time: in protocol 3 those of a password, in protocol 4 those of a security state. */
export type Generation = BoxKeys & {
  /** 0 in protocol 3 */
  readonly epoch: number;
  readonly secret: string;
  /** the newest revision when it began; empty: there was none */
  readonly startsAfter: string;
};

/** What a login gives. */
export type SessionKeys = {
  readonly keyId: string;
  readonly login: string;
  /** oldest first, never empty */
  readonly ring: readonly Generation[];
};

type OpenedText =
  | {
      readonly type: "text";
      readonly text: string;
      readonly line: Line;
      readonly epoch: number;
      /** protocol 4: the revision of protocol 3 that the wallet continues */
      readonly upgradedFrom: RevisionRef | null;
    }
  | Extract<OpenOutcome<never>, { readonly type: "rejected" }>;

/** In what the protocols differ for a device of the simulation. */
export type ModelProtocol = {
  readonly number: 3 | 4;
  /** `slot`: what the host keeps for this password; null: nothing opens with it. */
  readonly unlock: (keys: ModelKeys, slot: string | null) => SessionKeys | null;
  readonly seal: (
    keys: SessionKeys,
    place: {
      readonly sequence: number;
      readonly parent: RevisionRef;
      readonly line: Line;
      readonly upgradedFrom: RevisionRef | null;
    },
    text: string,
    nonce: string,
  ) => StoredWallet;
  readonly open: (keys: SessionKeys, head: ReportedHead) => OpenedText;
};

/** The newest keys, under which one writes. */
export function newestOf({ ring }: Pick<SessionKeys, "ring">): Generation {
  const generation = ring.at(-1);
  if (generation === undefined) throw new Error("a ring without keys");
  return generation;
}
