import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHostOrigin } from "../canonical/fields.ts";
import { hashBytes, hashText } from "../hash/hash.ts";
import type { Hash, WalletId } from "../identifiers.ts";
import { recoverySlotKey } from "../slot/slot-key.ts";
import { sealKeyring } from "../keyring/seal-keyring.ts";
import { openSlot, sealSlot } from "../slot/seal-slot.ts";
import { signState } from "../state/sign-state.ts";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { textMutations } from "../testing/mutations.ts";
import {
  sampleAccount,
  sampleHost,
  samplePasskey,
  samplePassword,
  sampleRecovery,
  sampleTime,
} from "../testing/sample-account.ts";
import { sampleLife } from "../testing/sample-life.ts";
import { signCertificate } from "../wallet/sign-certificate.ts";
import { walletIdOf } from "../wallet/wallet-id.ts";
import { changeCredentials, type CredentialUpdate } from "./change-credentials.ts";
import { type ChangeToCheck, checkChange } from "./check-change.ts";
import { createAccount } from "./create-account.ts";
import { type ChangedAccount, nextState } from "./draft.ts";
import { rotateAccount } from "./rotate-account.ts";
import { unlockAccount } from "./unlocked-account.ts";

const main = "default" as WalletId;
const life = sampleLife();
const [created, grown, keyed, renewed, rotated, last] = life.changes as readonly [
  ChangedAccount,
  ChangedAccount,
  ChangedAccount,
  ChangedAccount,
  ChangedAccount,
  ChangedAccount,
];
const { random, entropy } = life.start;
const env = { random, savedAt: sampleTime };

/** What the host is asked to check when this change arrives. */
function asked(at: number, overrides: Partial<ChangeToCheck> = {}): ChangeToCheck {
  const { change } = life.changes[at]!;
  const isNewPassword = life.passwords[at] !== life.passwords[at - 1];
  return {
    current: life.changes[at - 1]?.account.state,
    host: sampleHost,
    states: [change.state],
    slots: change.slots,
    keyring: change.keyring,
    record: isNewPassword ? life.passwords[at]?.record : undefined,
    mayClose: (_, closedAt) => closedAt === undefined,
    ...overrides,
  };
}

describe("credential changes", () => {
  it("[P4C-36] the host accepts an account's whole life, one change after the other", () => {
    const outcomes = life.changes.map((_, at) => checkChange(asked(at)));
    expect(outcomes.map(({ type }) => type)).toEqual(Array.from({ length: 6 }, () => "accepted"));
    expect(
      outcomes.map((outcome) => (outcome.type === "accepted" ? outcome.newest.epoch : 0)),
    ).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("[P4C-36] a change brings exactly the pieces that its state names anew", () => {
    const counts = life.changes.map(({ change }) => [
      change.slots.length,
      change.keyring !== undefined,
    ]);
    expect(counts).toEqual([
      [2, true],
      [0, true],
      [1, false],
      [1, false],
      [1, true],
      [1, false],
    ]);
  });

  it("[P4C-36] a missing, foreign, doubled or superfluous piece is refused with everything else", () => {
    const slots = renewed.change.slots;
    const cases: readonly ChangeToCheck[] = [
      asked(3, { slots: [] }),
      asked(3, { slots: [...slots, ...slots] }),
      asked(3, { slots: [...slots, ...keyed.change.slots] }),
      asked(3, { slots: keyed.change.slots }),
      asked(3, { record: undefined }),
      asked(3, { record: life.passwords[4]!.record }),
      asked(3, { keyring: grown.change.keyring }),
      asked(1, { keyring: undefined }),
      asked(1, { keyring: created.change.keyring }),
      asked(1, { record: life.passwords[0]!.record }),
      asked(0, { keyring: undefined }),
      asked(0, { slots: created.change.slots.slice(1) }),
    ];
    expect(cases.map((one) => checkChange(one).type)).toEqual(cases.map(() => "wrong-pieces"));
  });

  it("[P4C-36] a changed character of a piece, wherever it is, is refused", () => {
    const [slot = ""] = renewed.change.slots;
    const slotCases = textMutations(slot)
      .filter((_, at) => at % 3 === 0)
      .map((text) => asked(3, { slots: [text] }));
    const keyring = grown.change.keyring ?? "";
    const keyringCases = textMutations(keyring)
      .filter((_, at) => at % 7 === 0)
      .map((text) => asked(1, { keyring: text }));
    const types = [...slotCases, ...keyringCases].map((one) => checkChange(one).type);
    expect(new Set(types)).toEqual(new Set(["wrong-pieces"]));
  });

  it("[P4C-36] a slot of another epoch or kind than its state says is refused, though the state names it", () => {
    const { state, accountKey, keyring } = keyed.account;
    const password = samplePassword(random);
    const pieces = (epoch: number, kind: "password" | "passkey") => {
      const binding = { identity: state.account.identity };
      const key = { ...password.slot, key: { ...password.key, kind } };
      const made = sealSlot(key, accountKey, epoch, binding, random);
      const named = { slotId: made.slotId, kind: "password" as const, hash: made.hash };
      const slots = [...state.slots.filter((slot) => slot.kind !== "password"), named];
      const next = { ...nextState(state, sampleTime), slots };
      const seed = keyring.authoritySeed;
      return asked(3, {
        states: [signState(next, seed, seed)],
        slots: [made.text],
        record: kind === "password" ? password.record : undefined,
      });
    };
    expect(checkChange(pieces(4, "password")).type).toBe("accepted");
    const refused = [pieces(3, "password"), pieces(5, "password"), pieces(4, "passkey")];
    expect(refused.map((one) => checkChange(one).type)).toEqual(refused.map(() => "wrong-pieces"));
  });

  it("[P4C-36] a keyring of another epoch than its state's is refused, though the state names it", () => {
    const { state, accountKey, keyring } = keyed.account;
    const sealed = (epoch: number) => {
      const binding = { identity: state.account.identity };
      const text = sealKeyring(keyring, accountKey, epoch, binding, random);
      const next = { ...nextState(state, sampleTime), keyringHash: hashText(text) };
      const seed = keyring.authoritySeed;
      const states = [signState(next, seed, seed)];
      return asked(3, { states, slots: [], record: undefined, keyring: text });
    };
    const types = [3, 4, 5].map((epoch) => checkChange(sealed(epoch)).type);
    expect(types).toEqual(["wrong-pieces", "accepted", "wrong-pieces"]);
  });

  it("[P4C-36] a state that does not follow the host's, or is for another host, changes nothing", () => {
    expect(checkChange(asked(3, { current: created.account.state })).type).toBe("missing-link");
    expect(checkChange(asked(3, { current: last.account.state })).type).toBe("rollback");
    expect(checkChange(asked(3, { current: renewed.account.state })).type).toBe("nothing-new");
    expect(checkChange(asked(3, { states: [] })).type).toBe("rollback");
    const host = parseHostOrigin("https://other.example");
    expect(checkChange(asked(3, { host })).type).toBe("wrong-host");
    const elsewhere = sampleAccount("another").account.state;
    expect(checkChange(asked(3, { current: elsewhere })).type).toBe("missing-link");
  });

  it("[P4C-36] two devices that change credentials at once: the second is refused as a fork", () => {
    const ours = changeCredentials(last.account, { addWallets: ["A"] }, env);
    const theirs = changeCredentials(last.account, { addWallets: ["B"] }, env);
    const request = (change: ChangedAccount, current: ChangedAccount) =>
      checkChange({
        ...asked(1),
        current: current.account.state,
        states: [change.change.state],
        keyring: change.change.keyring,
      });
    expect(request(ours, last).type).toBe("accepted");
    expect(request(theirs, ours).type).toBe("fork");
  });

  it("[P4C-37] a rotation that closes a generation at another header than the newest is refused", () => {
    const head = hashText("head");
    const outcome = checkChange(asked(4, { mayClose: (_, closedAt) => closedAt === head }));
    expect(outcome).toEqual({ type: "head-moved", walletId: main });
    const closing = rotateAccount(
      renewed.account,
      { slots: [samplePassword(random).slot], heads: new Map([[main, head]]) },
      env,
    );
    expect(closing.account.state.wallets[0]).toEqual({
      walletId: main,
      generation: 2,
      closedAt: head,
    });
  });

  it("[P4C-36] states that a restored host lacks are accepted in one request, with the pieces of the newest", () => {
    const { change, account } = last;
    const outcome = checkChange({
      ...asked(5),
      current: grown.account.state,
      states: [keyed, renewed, rotated, last].map((one) => one.change.state),
      slots: change.slots,
      keyring: account.sealedKeyring,
    });
    expect(outcome).toMatchObject({ type: "accepted", newest: { epoch: 6 } });
  });

  it("[P4C-36] a password change keeps the accountKey and the recovery slot, whoever makes it", () => {
    expect(renewed.account.accountKey).toBe(keyed.account.accountKey);
    const [, recoverySlot = ""] = created.change.slots;
    const { state } = renewed.account;
    const opened = openSlot(recoverySlot, recoverySlotKey(entropy), state);
    const unlocked = unlockAccount(state, opened, renewed.account.sealedKeyring);
    const next = samplePassword(random);
    const byPhrase = changeCredentials(unlocked, { addSlots: [next.slot] }, env);
    const outcome = checkChange({
      ...asked(3),
      current: state,
      states: [byPhrase.change.state],
      slots: byPhrase.change.slots,
      record: next.record,
    });
    expect(outcome.type).toBe("accepted");
    const kinds = byPhrase.account.state.slots.map(({ kind }) => kind);
    expect([...kinds].sort()).toEqual(["passkey", "password", "recovery"]);
  });

  it("[P4C-24] [P4C-36] an old password slot does not open under the state after a password change", () => {
    const [oldSlot = ""] = created.change.slots;
    const { key } = life.passwords[0]!;
    expect(codeOf(() => openSlot(oldSlot, key, keyed.account.state))).toBe("none");
    expect(codeOf(() => openSlot(oldSlot, key, renewed.account.state))).toBe("cannot-open");
  });

  it("[P4C-27] [P4C-36] an added wallet has its name's id and generation 1", () => {
    const { state, keyring } = grown.account;
    const walletId = walletIdOf(keyring.nameKey, "Savings");
    expect(state.wallets).toEqual([
      { walletId: main, generation: 1 },
      { walletId, generation: 1 },
    ]);
    expect(keyring.wallets.map(({ name }) => name)).toEqual(["default", "Savings"]);
  });

  it.each<[string, CredentialUpdate]>([
    ["no password slot", { dropSlots: [created.account.state.slots[0]!.slotId] }],
    [
      "two password slots",
      { addSlots: [samplePassword(random).slot, samplePassword(random).slot] },
    ],
    ["two recovery slots", { addSlots: [sampleRecovery(entropy), sampleRecovery(entropy)] }],
    ["a lower version", { minVersion: 3 }],
  ])("[P4C-33] a change that would leave %s is the caller's mistake", (_, update) => {
    const code = codeOf(() => changeCredentials(created.account, update, env));
    expect(code).toBe("invalid-argument");
  });

  it("[P4C-36] an account can move to another host, and a passkey be dropped again", () => {
    const host = parseHostOrigin("https://other.example");
    const moved = changeCredentials(keyed.account, { host }, env);
    expect(
      checkChange({
        ...asked(1),
        host,
        current: keyed.account.state,
        states: [moved.change.state],
        keyring: undefined,
      }).type,
    ).toBe("accepted");
    const passkey = keyed.account.state.slots.find(({ kind }) => kind === "passkey")!;
    const dropped = changeCredentials(keyed.account, { dropSlots: [passkey.slotId] }, env);
    expect(dropped.account.state.slots).toHaveLength(2);
  });

  it("[P4C-31] two accounts made by the same person on the same host share nothing", () => {
    const again = createAccount(sampleHost, [samplePassword(random).slot], env).account;
    expect(again.state.account.identity).not.toBe(created.account.state.account.identity);
    expect(again.state.authorityKey).not.toBe(created.account.state.authorityKey);
  });

  it("[P4C-36] any order of changes gives a chain that the host accepts", () => {
    const step = fc.constantFrom("password", "passkey", "wallet", "rotate", "recovery" as const);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 5 }), (steps) => {
        let { account } = created;
        for (const [at, kind] of steps.entries()) {
          const password = samplePassword(random);
          const changes: Record<typeof kind, () => ChangedAccount> = {
            password: () => changeCredentials(account, { addSlots: [password.slot] }, env),
            passkey: () => changeCredentials(account, { addSlots: [samplePasskey(random)] }, env),
            recovery: () =>
              changeCredentials(account, { addSlots: [sampleRecovery(entropy)] }, env),
            wallet: () => changeCredentials(account, { addWallets: [`Wallet ${at}`] }, env),
            rotate: () => {
              const heads = new Map(account.state.wallets.map(({ walletId }) => [walletId, null]));
              return rotateAccount(account, { slots: [password.slot], heads }, env);
            },
          };
          const { change, account: next } = changes[kind]();
          const usesPassword = kind === "password" || kind === "rotate";
          const outcome = checkChange({
            current: account.state,
            host: sampleHost,
            states: [change.state],
            slots: change.slots,
            keyring: change.keyring,
            record: usesPassword ? password.record : undefined,
            mayClose: (_, closedAt) => closedAt === undefined,
          });
          expect(outcome.type).toBe("accepted");
          account = next;
          const reopened = unlockAccount(account.state, account.accountKey, account.sealedKeyring);
          expect(reopened.keyring.wallets.length).toBe(account.keyring.wallets.length);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe("a former device after a rotation", () => {
  const former = renewed.account;

  it("[P4C-38] nothing that it knew opens what the account has now", () => {
    const { state, sealedKeyring } = last.account;
    const slots = [...rotated.change.slots, ...last.change.slots];
    const keys = [...life.passwords.slice(0, 4).map(({ key }) => key), recoverySlotKey(entropy)];
    const attempts = slots.flatMap((slot) => keys.map((key) => () => openSlot(slot, key, state)));
    expect(codesOf(attempts, (attempt) => attempt())).toEqual(["cannot-open"]);
    expect(codeOf(() => unlockAccount(state, former.accountKey, sealedKeyring))).toBe(
      "cannot-open",
    );
    expect(codeOf(() => unlockAccount(state, former.accountKey, former.sealedKeyring))).toBe(
      "cannot-open",
    );
    expect(codeOf(() => unlockAccount(state, last.account.accountKey, sealedKeyring))).toBe("none");
  });

  it("[P4C-38] no change that it signs is accepted", () => {
    const password = samplePassword(random);
    const attempt = changeCredentials(former, { addSlots: [password.slot] }, env);
    const request = {
      ...asked(3),
      states: [attempt.change.state],
      slots: attempt.change.slots,
      record: password.record,
    };
    expect(checkChange({ ...request, current: rotated.account.state }).type).toBe("fork");
    expect(checkChange({ ...request, current: last.account.state }).type).toBe("rollback");
    const posing = { ...former, state: last.account.state };
    expect(codeOf(() => changeCredentials(posing, { addSlots: [password.slot] }, env))).toBe(
      "invalid-argument",
    );
  });

  it("[P4C-38] [P4C-50] no certificate that it signs names an open generation", () => {
    const certificate = JSON.parse(signCertificate(former, main, 1).body) as {
      epoch: number;
      generation: number;
    };
    expect(certificate).toMatchObject({ epoch: 4, generation: 1 });
    expect(codeOf(() => signCertificate(former, main, 2))).toBe("invalid-argument");
  });

  it("[P4C-37] a rotation gives new keys for everything but the wallets' names", () => {
    const before = renewed.account;
    const after = rotated.account;
    expect(after.state.authorityKey).not.toBe(before.state.authorityKey);
    expect(after.accountKey.expose()).not.toEqual(before.accountKey.expose());
    expect(after.keyring.nameKey).toBe(before.keyring.nameKey);
    expect(after.state.slots.map(({ kind }) => kind)).toEqual(["password"]);
    expect(after.keyring.wallets.map(({ generations }) => generations.length)).toEqual([2, 1]);
    const old: readonly Hash[] = before.state.slots.map(({ hash }) => hash);
    expect(after.state.slots.some(({ hash }) => old.includes(hash))).toBe(false);
    expect(hashBytes(life.passwords[4]!.record)).not.toBe(hashBytes(life.passwords[3]!.record));
  });
});
