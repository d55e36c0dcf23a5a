import { describe, expect, it } from "vitest";
import { changeCredentials } from "../account/change-credentials.ts";
import { parseHostOrigin } from "../canonical/fields.ts";
import { encodeCanonical } from "../canonical/canonical-json.ts";
import { hashText } from "../hash/hash.ts";
import type { WalletId } from "../identifiers.ts";
import { Secret } from "../secret/secret.ts";
import { publicKeyOf, signText } from "../signature/signing-key.ts";
import { codesOf } from "../testing/error-code.ts";
import { fieldMutations, textMutations } from "../testing/mutations.ts";
import { sampleHost, samplePassword, sampleTime } from "../testing/sample-account.ts";
import { sampleLife } from "../testing/sample-life.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { parseState, type SecurityState, type SignedState } from "./security-state.ts";
import { signState } from "./sign-state.ts";
import { type StatesToVerify, verifyStates } from "./verify-states.ts";

const life = sampleLife();
const states = life.changes.map(({ change }) => change.state);
const verified = life.changes.map(({ account }) => account.state);
const seeds = life.changes.map(({ account }) => account.keyring.authoritySeed);
const random = seededBytes("states");
const rotationAt = 4;

const typeOf = (request: StatesToVerify) => verifyStates(request).type;
const stateOf = (at: number): SecurityState => parseState(states[at]!.body);
const replaced = (at: number, state: SignedState) =>
  states.map((one, i) => (i === at ? state : one));

/** The state at this place with other fields, signed as an honest device would sign it. */
function resigned(at: number, fields: object): SignedState {
  const state = { ...stateOf(at), ...fields } as SecurityState;
  return signState(state, seeds[Math.max(at - 1, 0)]!, seeds[at]!);
}

describe("an account's chain of states", () => {
  it("[P4C-30] [P4C-31] a device that knows nothing verifies the whole chain, and learns identity and nonce from the first state", () => {
    const outcome = verifyStates({ received: states, host: sampleHost });
    expect(outcome).toEqual({ type: "verified", newest: verified.at(-1), fresh: verified });
    const { identity, nonce } = verified[5]!.account;
    expect(identity).toBe(hashText(states[0]!.body));
    expect(nonce).toBe(stateOf(0).nonce);
    expect(verified.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("[P4C-34] a device verifies from any state that it remembers, with or without older ones in the answer", () => {
    for (let known = 0; known < states.length; known += 1) {
      for (let from = 0; from <= Math.min(known + 1, states.length - 1); from += 1) {
        const outcome = verifyStates({ remembered: verified[known], received: states.slice(from) });
        expect(outcome).toEqual({
          type: "verified",
          newest: verified.at(-1),
          fresh: verified.slice(known + 1),
        });
      }
    }
  });

  it("[P4C-34] a lower epoch than remembered, or no state at all, is a rollback", () => {
    const remembered = verified[3];
    expect(verifyStates({ remembered, received: states.slice(0, 3) })).toEqual({
      type: "rollback",
      remembered: 4,
      received: 3,
    });
    expect(typeOf({ remembered, received: [] })).toBe("rollback");
  });

  it("[P4C-34] the same epoch with another hash is a fork, also when it is genuinely signed", () => {
    const env = { random, savedAt: sampleTime };
    const before = life.changes[2]!.account;
    const other = changeCredentials(before, { addSlots: [samplePassword(random).slot] }, env);
    const received = [...states.slice(0, 3), other.change.state];
    expect(typeOf({ received })).toBe("verified");
    expect(verifyStates({ remembered: verified[3], received })).toEqual({
      type: "fork",
      position: 4,
    });
    const onward = changeCredentials(other.account, { addWallets: ["More"] }, env);
    const beyond = [onward.change.state];
    expect(verifyStates({ remembered: verified[3], received: beyond })).toEqual({
      type: "fork",
      position: 5,
    });
  });

  it("[P4C-34] a missing state is named", () => {
    const received = states.filter((_, at) => at !== 2);
    expect(verifyStates({ received })).toEqual({ type: "missing-link", position: 4 });
    expect(verifyStates({ received: states.slice(1) })).toEqual({
      type: "missing-link",
      position: 1,
    });
    expect(verifyStates({ received: [] })).toEqual({ type: "missing-link", position: 1 });
    expect(verifyStates({ remembered: verified[0], received: states.slice(3) })).toEqual({
      type: "missing-link",
      position: 2,
    });
  });

  it("[P4C-35] every changed character of any state is reported and nothing of it applied", () => {
    for (const [at, everyOne] of [
      [0, 5],
      [3, 5],
      [rotationAt, 1],
    ] as const) {
      const { body, ...signatures } = states[at]!;
      const texts = textMutations(body).filter((_, position) => position % everyOne === 0);
      const outcomes = [...texts, ...fieldMutations(body)].map((other) =>
        typeOf({ remembered: verified[at - 1], received: [{ ...signatures, body: other }] }),
      );
      expect(outcomes).not.toContain("verified");
    }
  });

  it("[P4C-32] every changed character of a signature is reported as forged", () => {
    const state = states[rotationAt]!;
    const { signature, successorSignature = "" } = state;
    const forged = [
      ...textMutations(signature).map((other) => ({ ...state, signature: other })),
      ...textMutations(successorSignature).map((other) => ({
        ...state,
        successorSignature: other,
      })),
    ];
    const remembered = verified[rotationAt - 1];
    const outcomes = forged.map((one) => verifyStates({ remembered, received: [one] }));
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome)))).toEqual(
      new Set([JSON.stringify({ type: "forged", epoch: 5 })]),
    );
  });

  it("[P4C-32] a new authority key needs its own signature beside its parent's, and an old key must not bring one", () => {
    const remembered = verified[rotationAt - 1];
    const { body, signature, successorSignature = "" } = states[rotationAt]!;
    expect(typeOf({ remembered, received: [{ body, signature }] })).toBe("forged");
    const onlyOwn = {
      body,
      signature: signText("state", body, seeds[rotationAt]!),
      successorSignature,
    };
    expect(typeOf({ remembered, received: [onlyOwn] })).toBe("forged");
    const swapped = { body, signature: successorSignature, successorSignature: signature };
    expect(typeOf({ remembered, received: [swapped] })).toBe("forged");
    const plain = states[1]!;
    const extra = {
      ...plain,
      successorSignature: signText("state-successor", plain.body, seeds[1]!),
    };
    expect(typeOf({ remembered: verified[0], received: [extra] })).toBe("forged");
  });

  it("[P4C-32] a host cannot put a first state of its own under an account's true key, even with the true nonce", () => {
    // Without the successor signature, this chain would pass: its newest state names the true key, slots and keyring.
    const hostSeed = new Secret("authority-seed", random(32));
    const first = { ...stateOf(0), authorityKey: publicKeyOf(hostSeed), minVersion: 4 };
    const signedFirst = signState(first, hostSeed, hostSeed);
    const { nonce: _, ...rest } = stateOf(0);
    const second = { ...rest, epoch: 2, parent: hashText(signedFirst.body) };
    const body = encodeCanonical(second);
    const signature = signText("state", body, hostSeed);
    expect(typeOf({ received: [signedFirst] })).toBe("verified");
    expect(typeOf({ received: [signedFirst, { body, signature }] })).toBe("forged");
    const copied = {
      body,
      signature,
      successorSignature: signText("state-successor", body, hostSeed),
    };
    expect(typeOf({ received: [signedFirst, copied] })).toBe("forged");
  });

  it("[P4C-35] [P4C-38] a thief with the old authority key cannot continue the chain after a rotation", () => {
    const thief = seeds[rotationAt - 1]!;
    const next = { ...stateOf(5), minVersion: 5 };
    const body = encodeCanonical(next);
    const forged = { body, signature: signText("state", body, thief) };
    expect(verifyStates({ remembered: verified[4], received: [forged] })).toEqual({
      type: "forged",
      epoch: 6,
    });
  });

  it("[P4C-35] another account, another host and a newer protocol are told apart", () => {
    const other = sampleLife("another").changes.map(({ change }) => change.state);
    const { identity } = verified[0]!.account;
    expect(typeOf({ received: other, identity })).toBe("wrong-account");
    expect(typeOf({ remembered: verified[0], received: other })).toBe("fork");
    const host = parseHostOrigin("https://other.example");
    expect(verifyStates({ received: states, host })).toEqual({
      type: "wrong-host",
      host: sampleHost,
    });
    const newer = replaced(5, resigned(5, { minVersion: 5 }));
    expect(verifyStates({ received: newer })).toEqual({
      type: "unsupported-version",
      minVersion: 5,
    });
  });

  it("[P4C-35] more states than any account has are refused before work is done on them", () => {
    const received = Array.from({ length: 5000 }, () => states[0]!);
    expect(verifyStates({ received })).toEqual({ type: "forged", epoch: 0 });
  });

  const hash = hashText("x");
  const savings = (state: SecurityState) =>
    state.wallets.filter(({ walletId }) => walletId !== "default");
  it.each<[string, number, (state: SecurityState) => object]>([
    ["version-lowered", 3, () => ({ minVersion: 4 })],
    ["wallet-removed", 3, ({ wallets }) => ({ wallets: wallets.slice(0, 1) })],
    [
      "wallet-added-late",
      3,
      ({ wallets }) => ({
        wallets: [...wallets, { walletId: hash as string as WalletId, generation: 2 }],
      }),
    ],
    [
      "generation-jumped",
      rotationAt,
      (state) => ({
        wallets: [{ walletId: "default" as WalletId, generation: 3 }, ...savings(state)],
      }),
    ],
    [
      "generation-jumped",
      5,
      (state) => ({
        wallets: [
          { walletId: "default" as WalletId, generation: 2, closedAt: hash },
          ...savings(state),
        ],
      }),
    ],
    [
      "slot-replaced",
      2,
      ({ slots }) => ({ slots: slots.map((slot, at) => (at === 1 ? { ...slot, hash } : slot)) }),
    ],
    [
      "slot-replaced",
      1,
      ({ slots }) => ({
        slots: slots.map((slot) =>
          slot.kind === "recovery" ? { ...slot, kind: "passkey" } : slot,
        ),
      }),
    ],
    [
      "authority-kept",
      3,
      (state) => ({
        wallets: [{ walletId: "default" as WalletId, generation: 2 }, ...savings(state)],
      }),
    ],
    ["keyring-kept", rotationAt, () => ({ keyringHash: stateOf(3).keyringHash })],
    ["keyring-kept", 1, () => ({ keyringHash: stateOf(0).keyringHash })],
    ["slot-kept", rotationAt, () => ({ slots: stateOf(3).slots })],
  ])("[P4C-33] a signed state that breaks the rule %s is refused", (rule, at, fields) => {
    // The first rule needs a parent that asks for more.
    const raised =
      rule === "version-lowered" ? { ...verified[at - 1]!, minVersion: 5 } : verified[at - 1];
    const received = [resigned(at, fields(stateOf(at)))];
    expect(verifyStates({ remembered: raised, received })).toEqual({
      type: "unlawful",
      epoch: at + 1,
      rule,
    });
  });

  it.each<[string, number, object]>([
    ["no nonce in the first", 0, { nonce: undefined }],
    ["a parent in the first", 0, { parent: hash }],
    ["a later generation in the first", 0, { wallets: [{ walletId: "default", generation: 2 }] }],
    [
      "a closed header in generation 1",
      1,
      { wallets: [{ walletId: "default", generation: 1, closedAt: hash }] },
    ],
    ["a nonce in a later one", 1, { nonce: hash }],
    ["no parent in a later one", 1, { parent: undefined }],
    ["epoch 0", 0, { epoch: 0 }],
    ["an epoch beyond any account's life", 1, { epoch: 4097 }],
    ["no password slot", 0, { slots: [] }],
    [
      "two recovery slots",
      0,
      {
        slots: ["AA", "BA", "CA"].map((id, i) => ({
          slotId: id.padStart(22, "A"),
          kind: i === 0 ? "password" : "recovery",
          hash: hashText(id),
        })),
      },
    ],
    ["one slot twice", 0, { slots: [...stateOf(0).slots, stateOf(0).slots[1]!] }],
    [
      "one slot under two ids",
      0,
      {
        slots: [
          ...stateOf(0).slots,
          { ...stateOf(0).slots[1]!, slotId: "A".repeat(22), kind: "passkey" },
        ],
      },
    ],
    ["one wallet twice", 0, { wallets: [...stateOf(0).wallets, ...stateOf(0).wallets] }],
    ["no main wallet", 0, { wallets: [{ walletId: hash, generation: 1 }] }],
    ["another version", 0, { v: 3 }],
    ["minVersion 3", 0, { minVersion: 3 }],
    ["an unknown kind of slot", 0, { slots: [{ ...stateOf(0).slots[0]!, kind: "pin" }] }],
    ["a host that is no origin", 0, { host: "holdfast.example" }],
  ])("[P4C-30] a state with %s is malformed", (_, at, fields) => {
    const entries = Object.entries({ ...stateOf(at), ...fields }).filter(
      ([, value]) => value !== undefined,
    );
    const body = encodeCanonical(Object.fromEntries(entries));
    expect(codesOf([body], parseState)).toEqual(["malformed"]);
  });

  it("[P4C-31] a first state's hash depends on everything in it, so the identity does", () => {
    const identities = fieldMutations(states[0]!.body).map((body) => hashText(body));
    expect(identities).not.toContain(verified[0]!.account.identity);
  });
});
