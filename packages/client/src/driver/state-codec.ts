/**
 * What a device remembers, as one text: written whole, so that a crash leaves the old one or the new one (SYNC-1). Contents stand in
 * a list of their own and are named by their place in it, since most of the time several of them are the same.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { damaged, readVersionedJson, type Damaged } from "../versioned-json.ts";
import type { DeviceRecord } from "../engine/index.ts";
import type { WalletOwner } from "../wallet-owner/wallet-owner.ts";

const version = 1;

export type StoredState<Content> = {
  readonly record: DeviceRecord<Content>;
  /** whose record it is: one that belongs to somebody else is never taken for the account's own */
  readonly owner: WalletOwner;
  /** what other programs that hold this wallet were last seen to hold: a wallet file, a LBRY daemon */
  readonly peers: ReadonlyMap<string, Content>;
};

export type ParseStateOutcome<Content> =
  { readonly type: "state"; readonly state: StoredState<Content> } | Damaged;

/** How one content becomes text and back; `parse` throws for what it does not understand, `reparse` is for what `serialize` gave. */
export type ContentText<Content> = {
  readonly parse: (text: string) => Content;
  readonly reparse: (text: string) => Content;
  readonly serialize: (content: Content) => string;
};

const place = z.int().min(0);
const sequence = z.int().min(0);
const ref = z.strictObject({ sequence, hash: z.string() });
const problemNames = [
  "rolled-back",
  "forked",
  "not-authentic",
  "broken-chain",
  "old-epoch",
  "undecodable",
  "false-receipt",
] as const;

const schema = z.strictObject({
  version: z.literal(version),
  owner: z.string(),
  ownerName: z.string().optional(),
  contents: z.array(z.string()),
  /** SHA-256 of each content, as it was written: one that is as it was needs no second look (P3C-52) */
  sums: z.array(z.string()).optional(),
  record: z.strictObject({
    synced: z.strictObject({ ...ref.shape, content: place }),
    local: place,
    inFlight: z
      .strictObject({
        revision: z.strictObject({
          ...ref.shape,
          payload: z.record(z.string(), z.string()),
          sizeBytes: z.int().min(0),
        }),
        content: place,
        keyId: z.string(),
        via: z.enum(["push", "password-change"]),
      })
      .nullable(),
    givenUp: z.array(z.strictObject({ ...ref.shape, content: place })),
    line: z.array(ref),
    epoch: z.int().min(0),
    highest: sequence,
    climbTo: sequence,
    problem: z.strictObject({ name: z.enum(problemNames), ours: ref, theirs: ref }).nullable(),
    firstSync: z.enum(["merge", "keep-mine", "take-theirs"]),
  }),
  peers: z.record(z.string(), place),
});

/** The text of a state; throws what `serialize` throws. */
export function formatState<Content>(
  { record, owner, peers }: StoredState<Content>,
  { serialize }: ContentText<Content>,
): string {
  const places = new Map<Content, number>();
  const contents: string[] = [];
  const put = (content: Content): number => {
    const known = places.get(content);
    if (known !== undefined) return known;
    const text = serialize(content);
    const same = contents.indexOf(text);
    const at = same === -1 ? contents.push(text) - 1 : same;
    places.set(content, at);
    return at;
  };
  const { synced, local, inFlight, givenUp, problem, ...rest } = record;
  const stored: z.output<typeof schema> = {
    version,
    owner: owner.id,
    ownerName: owner.name,
    contents,
    record: {
      ...rest,
      synced: { sequence: synced.sequence, hash: synced.hash, content: put(synced.content) },
      local: put(local),
      inFlight: inFlight && { ...inFlight, content: put(inFlight.content) },
      givenUp: givenUp.map((one) => ({ ...refOf(one), content: put(one.content) })),
      line: rest.line.map(refOf),
      problem: problem && { ...problem, ours: refOf(problem.ours), theirs: refOf(problem.theirs) },
    },
    peers: Object.fromEntries([...peers].map(([name, content]) => [name, put(content)])),
  };
  // All contents have their place by now.
  return JSON.stringify({ ...stored, sums: contents.map(sumOf) });
}

/** Reads what `formatState` wrote. */
export function parseState<Content>(
  text: string,
  { parse, reparse }: ContentText<Content>,
): ParseStateOutcome<Content> {
  const read = readVersionedJson(text, { version, schema, what: "no sync state" });
  if (read.type !== "read") return read;
  const { record, owner: id, ownerName: name = id, peers } = read.value;
  try {
    const { sums = [] } = read.value;
    const contents = read.value.contents.map((text, at) =>
      sums[at] === sumOf(text) ? reparse(text) : parse(text),
    );
    const get = (at: number): Content => {
      const content = contents[at];
      if (content === undefined) throw new RangeError("it names a wallet that is not there");
      return content;
    };
    const { synced, local, inFlight, givenUp } = record;
    return {
      type: "state",
      state: {
        owner: { id, name },
        record: {
          ...record,
          synced: { ...synced, content: get(synced.content) },
          local: get(local),
          inFlight: inFlight && { ...inFlight, content: get(inFlight.content) },
          givenUp: givenUp.map((one) => ({ ...one, content: get(one.content) })),
        },
        peers: new Map(Object.entries(peers).map(([name, at]) => [name, get(at)])),
      },
    };
  } catch (error) {
    return damaged(error instanceof Error ? error.message : "it is damaged");
  }
}

function sumOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

function refOf({ sequence, hash }: z.output<typeof ref>): z.output<typeof ref> {
  return { sequence, hash };
}
