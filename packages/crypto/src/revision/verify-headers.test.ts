import { describe, expect, it } from "vitest";
import { hashText } from "../hash/hash.ts";
import type { WalletId } from "../identifiers.ts";
import { secretOf } from "../keyring/keyring.ts";
import type { Signed } from "../signature/signed.ts";
import { fieldMutations, textMutations } from "../testing/mutations.ts";
import { mainWallet, sampleWallet, sealNext } from "../testing/sample-wallet.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { generationKeys } from "../wallet/generation-keys.ts";
import { walletGenerations } from "./generations.ts";
import { headOf } from "./header.ts";
import { type HeadersToVerify, verifyHeaders } from "./verify-headers.ts";

const wallet = sampleWallet();
const headers = wallet.revisions.map(({ header }) => header);
const signed = headers.map((header) => header.signed);
const heads = headers.map((header) => headOf(header));
const random = seededBytes("headers");
const generations = walletGenerations(wallet.states, mainWallet);

/** What a device with the newest state and the whole keyring asks. */
function asked(overrides: Partial<HeadersToVerify>): HeadersToVerify {
  return {
    identity: wallet.after.state.account.identity,
    walletId: mainWallet,
    received: signed,
    generations,
    epoch: 3,
    writerKey: (generation) =>
      generationKeys(secretOf(wallet.after.keyring, mainWallet, generation)).writerKey,
    signatures: "newest",
    ...overrides,
  };
}

const outcomeOf = (overrides: Partial<HeadersToVerify>) => verifyHeaders(asked(overrides));
const typeOf = (overrides: Partial<HeadersToVerify>) => outcomeOf(overrides).type;

describe("a wallet's chain of headers", () => {
  it("[P4C-57] the states tell when each generation was opened and at which header the one before was closed", () => {
    expect(generations).toEqual([
      { generation: 1, epoch: 1, closedAt: undefined },
      { generation: 2, epoch: 3, closedAt: heads[3]!.hash },
    ]);
    expect(walletGenerations(wallet.states, hashText("x") as string as WalletId)).toEqual([]);
  });

  it("[P4C-56] a device verifies from any head that it remembers, across a rotation", () => {
    for (const signatures of ["newest", "all"] as const) {
      expect(outcomeOf({ signatures })).toEqual({
        type: "verified",
        head: heads[5],
        fresh: headers,
      });
      for (let known = 0; known < 6; known += 1) {
        const received = signed.slice(Math.max(0, known - 1));
        expect(outcomeOf({ remembered: heads[known], received, signatures })).toEqual({
          type: "verified",
          head: heads[5],
          fresh: headers.slice(known + 1),
        });
      }
    }
  });

  it("[P4C-56] a device that remembers nothing may begin with any header, and then learns of no generation before it", () => {
    expect(outcomeOf({ received: signed.slice(4) })).toEqual({
      type: "verified",
      head: heads[5],
      fresh: headers.slice(4),
    });
  });

  it("[P4C-56] a wallet without revisions is one", () => {
    const empty = { received: [], generations: generations.slice(0, 1), epoch: 1 };
    expect(outcomeOf(empty)).toEqual({ type: "verified", head: undefined, fresh: [] });
  });

  it("[P4C-56] a lower sequence than remembered is a rollback, and no revision at all too", () => {
    const remembered = heads[5];
    expect(outcomeOf({ remembered, received: signed.slice(0, 4) })).toEqual({
      type: "rollback",
      remembered: 6,
      received: 4,
    });
    expect(typeOf({ remembered, received: [] })).toBe("rollback");
  });

  it("[P4C-56] another revision of the same sequence is a fork, also when a writer signed it", () => {
    const other = sealNext(wallet.after, heads[4], "other six", random).header;
    expect(
      outcomeOf({ remembered: heads[5], received: [...signed.slice(0, 5), other.signed] }),
    ).toEqual({
      type: "fork",
      position: 6,
    });
    const seven = sealNext(wallet.after, headOf(other), "seven", random).header;
    expect(outcomeOf({ remembered: heads[5], received: [seven.signed] })).toEqual({
      type: "fork",
      position: 7,
    });
  });

  it("[P4C-56] a missing header is named", () => {
    const received = signed.filter((_, at) => at !== 4);
    expect(outcomeOf({ remembered: heads[2], received })).toEqual({
      type: "missing-link",
      position: 6,
    });
    expect(outcomeOf({ remembered: heads[1], received: signed.slice(4) })).toEqual({
      type: "missing-link",
      position: 3,
    });
  });

  it("[P4C-56] every changed character of a header or its signature is reported", () => {
    const { body, signature } = signed[5]!;
    const forged: readonly Signed[] = [
      ...textMutations(body).map((other) => ({ body: other, signature })),
      ...fieldMutations(body).map((other) => ({ body: other, signature })),
      ...textMutations(signature).map((other) => ({ body, signature: other })),
    ];
    const types = forged.map((one) => typeOf({ remembered: heads[4], received: [one] }));
    expect(types).not.toContain("verified");
    const middle = textMutations(signed[4]!.body)
      .filter((_, at) => at % 5 === 0)
      .map((other) =>
        typeOf({ remembered: heads[3], received: [{ body: other, signature }, signed[5]!] }),
      );
    expect(middle).not.toContain("verified");
  });

  it("[P4C-56] headers of another wallet or account are forged here", () => {
    const foreign = sampleWallet("another").revisions.map(({ header }) => header.signed);
    expect(outcomeOf({ received: foreign })).toEqual({ type: "forged", sequence: 0 });
    expect(typeOf({ walletId: hashText("x") as string as WalletId })).toBe("forged");
  });

  it("[P4C-56] a host that stores headers checks every signature, a device the newest", () => {
    const received = signed.map((one, at) =>
      at === 1 ? { ...one, signature: signed[0]!.signature } : one,
    );
    expect(outcomeOf({ received, signatures: "all" })).toEqual({ type: "forged", sequence: 2 });
    expect(typeOf({ received })).toBe("verified");
    expect(outcomeOf({ writerKey: () => undefined })).toEqual({ type: "forged", sequence: 6 });
  });

  it("[P4C-38] [P4C-57] a revision by a former device, in the generation that was closed, is reported", () => {
    const sneaked = sealNext(wallet.before, heads[3], "sneaked in", random).header;
    const received = [...signed.slice(0, 4), sneaked.signed];
    expect(outcomeOf({ received })).toEqual({ type: "closing-mismatch", sequence: 5 });
    expect(typeOf({ received, remembered: heads[2] })).toBe("closing-mismatch");
    const after = sealNext(wallet.before, heads[5], "after", random).header;
    expect(outcomeOf({ received: [...signed, after.signed] })).toEqual({
      type: "closed-generation",
      sequence: 7,
    });
  });

  it("[P4C-57] a header whose epoch does not fit its generation is reported, wherever it stands", () => {
    const early = { ...wallet.after, state: { ...wallet.after.state, epoch: 2 } };
    const tooEarly = sealNext(early, heads[3], "too early", random).header.signed;
    expect(outcomeOf({ remembered: heads[3], received: [tooEarly] })).toEqual({
      type: "closed-generation",
      sequence: 5,
    });
    const late = { ...wallet.before, state: { ...wallet.before.state, epoch: 3 } };
    const tooLate = sealNext(late, heads[3], "too late", random).header.signed;
    expect(outcomeOf({ remembered: heads[3], received: [tooLate] })).toEqual({
      type: "closed-generation",
      sequence: 5,
    });
  });

  it("[P4C-57] a new generation that begins elsewhere than where the old one was closed is reported", () => {
    const early = sealNext(wallet.after, heads[2], "too early", random).header;
    const received = [...signed.slice(0, 3), early.signed];
    expect(outcomeOf({ received })).toEqual({ type: "closing-mismatch", sequence: 4 });
    expect(outcomeOf({ received: [early.signed], remembered: heads[2] })).toEqual({
      type: "closing-mismatch",
      sequence: 4,
    });
    const anew = sealNext(wallet.after, undefined, "from scratch", random).header;
    expect(outcomeOf({ received: [anew.signed] })).toEqual({
      type: "closing-mismatch",
      sequence: 1,
    });
  });

  it("[P4C-57] revisions that are held back before a rotation are reported, to new devices too", () => {
    expect(outcomeOf({ received: signed.slice(0, 3) })).toEqual({
      type: "closing-mismatch",
      sequence: 3,
    });
    expect(outcomeOf({ received: [] })).toEqual({ type: "closing-mismatch", sequence: 0 });
    expect(outcomeOf({ received: signed.slice(0, 4) })).toMatchObject({
      type: "verified",
      head: heads[3],
    });
  });

  it("[P4C-57] a header under a state that is not known yet asks for the states", () => {
    const received = signed.slice(0, 4);
    const known = { received, epoch: 1, generations: generations.slice(0, 1) };
    expect(outcomeOf(known)).toEqual({ type: "unknown-epoch", epoch: 2 });
    expect(outcomeOf({ ...known, received: signed })).toEqual({ type: "unknown-epoch", epoch: 2 });
  });

  it("[P4C-57] a generation that no state opened, and one that is older than the head's, are reported", () => {
    const none = { generations: generations.slice(1) };
    expect(outcomeOf(none)).toEqual({ type: "closed-generation", sequence: 1 });
  });

  it("[P4C-56] more headers than any wallet has are refused before work is done on them", () => {
    const received = Array.from({ length: 100_001 }, () => signed[0]!);
    expect(outcomeOf({ received })).toEqual({ type: "forged", sequence: 0 });
  });

  it("[P4C-56] an epoch never falls from one revision to the next", () => {
    const old = { ...wallet.before, state: wallet.states[0]! };
    const behind = sealNext(old, heads[3], "behind", random).header;
    const request = {
      received: [behind.signed],
      remembered: heads[3],
      epoch: 2,
      generations: generations.slice(0, 1),
    };
    expect(outcomeOf(request)).toEqual({ type: "epoch-fell", sequence: 5 });
  });
});
