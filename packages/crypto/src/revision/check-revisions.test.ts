import { describe, expect, it } from "vitest";
import { hashText } from "../hash/hash.ts";
import type { WalletId } from "../identifiers.ts";
import { secretOf } from "../keyring/keyring.ts";
import type { Signed } from "../signature/signed.ts";
import { byteMutations, fieldMutations, textMutations } from "../testing/mutations.ts";
import { sampleAccount } from "../testing/sample-account.ts";
import { mainWallet, sampleWallet, sealNext } from "../testing/sample-wallet.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { certifiedKey } from "../wallet/certificate.ts";
import { generationKeys } from "../wallet/generation-keys.ts";
import { signCertificate } from "../wallet/sign-certificate.ts";
import { checkRevisions, type RevisionsToCheck } from "./check-revisions.ts";
import { walletGenerations } from "./generations.ts";
import { headOf } from "./header.ts";

const wallet = sampleWallet();
const headers = wallet.revisions.map(({ header }) => header);
const signed = headers.map((header) => header.signed);
const heads = headers.map((header) => headOf(header));
const bodies = wallet.revisions.map(({ encryptedWallet }) => encryptedWallet);
const random = seededBytes("push");
const identity = wallet.after.state.account.identity;
const stateAt = (epoch: number) => wallet.states[epoch - 1];
const certificates = new Map([
  [1, signCertificate(wallet.before, mainWallet, 1)],
  [2, signCertificate(wallet.after, mainWallet, 2)],
]);
const writerKey = (generation: number) =>
  generationKeys(secretOf(wallet.after.keyring, mainWallet, generation)).writerKey;

/** A push of the sixth revision on the fifth, by default; the host knows generation 2's writer. */
function asked(overrides: Partial<RevisionsToCheck> = {}): RevisionsToCheck {
  return {
    identity,
    walletId: mainWallet,
    head: heads[4],
    headers: signed.slice(5),
    encryptedWallet: bodies[5]!,
    generations: walletGenerations(wallet.states, mainWallet),
    epoch: 3,
    maxBytes: 1024 * 1024,
    writerKeys: new Map([[2, writerKey(2)]]),
    certificates: new Map(),
    stateAt,
    ...overrides,
  };
}

const outcomeOf = (overrides: Partial<RevisionsToCheck>) => checkRevisions(asked(overrides));
const typeOf = (overrides: Partial<RevisionsToCheck>) => outcomeOf(overrides).type;

describe("the host's check of a push", () => {
  it("[P4C-58] a revision on the head, by the certified writer, is accepted", () => {
    expect(checkRevisions(asked())).toEqual({
      type: "accepted",
      head: heads[5],
      fresh: [headers[5]],
      certified: new Map(),
    });
  });

  it("[P4C-50] [P4C-58] a generation's first revision brings its certificate", () => {
    const first = {
      head: heads[3],
      headers: [signed[4]!],
      encryptedWallet: bodies[4]!,
      writerKeys: new Map(),
    };
    expect(typeOf(first)).toBe("forged");
    expect(outcomeOf({ ...first, certificates })).toMatchObject({
      type: "accepted",
      certified: new Map([
        [1, writerKey(1)],
        [2, writerKey(2)],
      ]),
    });
  });

  it("[P4C-50] a writer key that is known cannot be certified away", () => {
    const genuine = { certificates, writerKeys: new Map([[2, writerKey(2)]]) };
    expect(outcomeOf(genuine)).toMatchObject({ certified: new Map([[1, writerKey(1)]]) });
    const other = sampleAccount("another").account;
    const foreign = new Map([[2, signCertificate(other, mainWallet, 1)]]);
    expect(outcomeOf({ certificates: foreign })).toMatchObject({
      type: "accepted",
      certified: new Map(),
    });
  });

  it("[P4C-58] the first revision of a wallet needs no head", () => {
    const first = {
      head: undefined,
      headers: signed.slice(0, 1),
      encryptedWallet: bodies[0]!,
      generations: walletGenerations(wallet.states.slice(0, 1), mainWallet),
      epoch: 1,
      writerKeys: new Map(),
    };
    expect(typeOf(first)).toBe("forged");
    expect(typeOf({ ...first, certificates })).toBe("accepted");
  });

  it("[P4C-59] the same revision again is repeated, whatever else the request holds", () => {
    expect(outcomeOf({ head: heads[5] })).toEqual({ type: "repeated" });
    expect(typeOf({ head: heads[5], headers: signed })).toBe("repeated");
  });

  it("[P4C-59] a revision that does not follow the head is a conflict, or lacks a link", () => {
    const rival = sealNext(wallet.after, heads[4], "rival", random);
    expect(typeOf({ head: headOf(rival.header) })).toBe("conflict");
    expect(typeOf({ head: heads[5], headers: [signed[4]!] })).toBe("conflict");
    const onRival = sealNext(wallet.after, headOf(rival.header), "on rival", random).header.signed;
    expect(typeOf({ head: heads[5], headers: [onRival] })).toBe("conflict");
    expect(outcomeOf({ head: heads[3] })).toEqual({ type: "missing-link", position: 5 });
    expect(outcomeOf({ headers: [] })).toEqual({ type: "missing-link", position: 6 });
  });

  it("[P4C-58] a changed ciphertext, header or signature is refused", () => {
    const body = bodies[5]!;
    const bytes = byteMutations(body)
      .filter((_, at) => at % 5 === 0)
      .map((encryptedWallet) => typeOf({ encryptedWallet }));
    expect(new Set(bytes)).toEqual(new Set(["wrong-body"]));
    const one = signed[5]!;
    const forged: readonly Signed[] = [
      ...fieldMutations(one.body).map((other) => ({ ...one, body: other })),
      ...textMutations(one.body)
        .filter((_, at) => at % 5 === 0)
        .map((other) => ({ ...one, body: other })),
      ...textMutations(one.signature).map((signature) => ({ ...one, signature })),
    ];
    expect(forged.map((header) => typeOf({ headers: [header] }))).not.toContain("accepted");
  });

  it("[P4C-58] a size over the limit is refused before anything else is looked at", () => {
    const maxBytes = bodies[5]!.length - 1;
    expect(outcomeOf({ maxBytes, headers: [] })).toEqual({ type: "too-large", maxBytes });
  });

  it("[P4C-38] [P4C-58] a former device's revision is refused: its generation is closed", () => {
    const writerKeys = new Map([
      [1, writerKey(1)],
      [2, writerKey(2)],
    ]);
    const onOld = sealNext(wallet.before, heads[3], "old key", random);
    const late = {
      headers: [onOld.header.signed],
      encryptedWallet: onOld.encryptedWallet,
      writerKeys,
    };
    expect(typeOf({ ...late, head: heads[3] })).toBe("closing-mismatch");
    const onNew = sealNext(wallet.before, heads[5], "old key", random);
    const later = {
      headers: [onNew.header.signed],
      encryptedWallet: onNew.encryptedWallet,
      writerKeys,
    };
    expect(typeOf({ ...later, head: heads[5] })).toBe("closed-generation");
  });

  it("[P4C-58] a device that does not know of the newest state is told so", () => {
    const epoch = {
      epoch: 2,
      generations: walletGenerations(wallet.states.slice(0, 2), mainWallet),
    };
    expect(outcomeOf({ ...epoch, head: heads[3], headers: [signed[4]!] })).toEqual({
      type: "unknown-epoch",
      epoch: 3,
    });
    const stale = { ...wallet.before, state: wallet.states[0]! };
    const behind = sealNext(stale, heads[3], "behind", random);
    const push = {
      ...epoch,
      head: heads[3],
      headers: [behind.header.signed],
      encryptedWallet: behind.encryptedWallet,
    };
    expect(outcomeOf({ ...push, writerKeys: new Map([[1, writerKey(1)]]) })).toEqual({
      type: "epoch-fell",
      sequence: 5,
    });
  });

  it("[P4C-58] a restored host takes the headers that it lacks with the newest body, and nothing else of them", () => {
    const behind = {
      head: heads[1],
      headers: signed.slice(2),
      certificates,
      writerKeys: new Map(),
    };
    expect(outcomeOf(behind)).toMatchObject({
      type: "accepted",
      head: heads[5],
      fresh: headers.slice(2),
    });
    expect(typeOf({ ...behind, headers: signed.slice(1) })).toBe("accepted");
    expect(typeOf({ ...behind, head: undefined, headers: signed })).toBe("accepted");
    expect(typeOf({ ...behind, encryptedWallet: bodies[4]! })).toBe("wrong-body");
    expect(typeOf({ ...behind, certificates: new Map() })).toBe("forged");
    const upToClosing = { ...behind, headers: signed.slice(2, 4), encryptedWallet: bodies[3]! };
    expect(outcomeOf(upToClosing)).toEqual({ type: "wrong-generation", open: 2 });
  });

  it("[P4C-50] a closed generation can be certified anew under a later state", () => {
    const anew = signCertificate(wallet.after, mainWallet, 1);
    expect(certifiedKey(anew, { identity, walletId: mainWallet, generation: 1, stateAt })).toBe(
      writerKey(1),
    );
  });

  it("[P4C-50] a certificate holds for its account, wallet, generation and epoch only", () => {
    const certificate = certificates.get(2)!;
    const context = { identity, walletId: mainWallet, generation: 2, stateAt };
    expect(certifiedKey(certificate, context)).toBe(writerKey(2));
    const otherWallet = hashText("y") as string as WalletId;
    const named = { walletId: otherWallet, generation: 2 };
    const withOther = { ...wallet.states[2]!, wallets: [...wallet.states[2]!.wallets, named] };
    const contexts = [
      { ...context, identity: hashText("x") },
      { ...context, walletId: otherWallet, stateAt: () => withOther },
      { ...context, walletId: hashText("x") as string as WalletId },
      { ...context, generation: 1 },
      { ...context, stateAt: () => undefined },
      { ...context, stateAt: () => wallet.states[1] },
      { ...context, stateAt: (epoch: number) => ({ ...wallet.states[epoch - 1]!, wallets: [] }) },
    ];
    expect(contexts.map((other) => certifiedKey(certificate, other))).toEqual(
      contexts.map(() => undefined),
    );
    const forged: readonly Signed[] = [
      ...fieldMutations(certificate.body).map((body) => ({ ...certificate, body })),
      ...textMutations(certificate.body).map((body) => ({ ...certificate, body })),
      ...textMutations(certificate.signature).map((signature) => ({ ...certificate, signature })),
    ];
    expect(forged.some((one) => certifiedKey(one, context) !== undefined)).toBe(false);
  });

  it("[P4C-50] a writer's own signature, or one made for another purpose, certifies nothing", () => {
    const context = { identity, walletId: mainWallet, generation: 2, stateAt };
    const certificate = certificates.get(2)!;
    const header = signed[5]!;
    expect(certifiedKey({ ...certificate, signature: header.signature }, context)).toBeUndefined();
    expect(certifiedKey(header, context)).toBeUndefined();
  });
});
