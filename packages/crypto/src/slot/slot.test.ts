import { describe, expect, it } from "vitest";
import { changeCredentials } from "../account/change-credentials.ts";
import { encodeCanonical } from "../canonical/canonical-json.ts";
import { hashText } from "../hash/hash.ts";
import { Secret } from "../secret/secret.ts";
import type { VerifiedState } from "../state/verified-state.ts";
import { codeOf, codesOf } from "../testing/error-code.ts";
import { fieldMutations, textMutations } from "../testing/mutations.ts";
import {
  sampleAccount,
  samplePasskey,
  samplePassword,
  sampleTime,
} from "../testing/sample-account.ts";
import { openSlot } from "./seal-slot.ts";
import { passkeyPrfInput, passkeySlotKey, passwordSlotKey, recoverySlotKey } from "./slot-key.ts";
import { parseSlot } from "./slot.ts";

const sample = sampleAccount();
const { state, accountKey } = sample.account;
const [passwordSlot = "", recoverySlot = ""] = sample.change.slots;
const accountBytes = accountKey.expose();

/** A state that names this text instead of the slot with its id: as if the host could sign. */
function naming(slotText: string, from: VerifiedState = state): VerifiedState {
  const { slotId } = JSON.parse(slotText) as { slotId: string };
  const slots = from.slots.map((slot) =>
    slot.slotId === slotId ? { ...slot, hash: hashText(slotText) } : slot,
  );
  return { ...from, slots };
}

describe("key slots", () => {
  it("[P4C-20] the slot key of a password comes from OPAQUE's export key and opens the password slot", () => {
    expect(openSlot(passwordSlot, sample.passwordKey, state).expose()).toEqual(accountBytes);
  });

  it("[P4C-21] the slot key of a recovery phrase opens the recovery slot", () => {
    const key = recoverySlotKey(sample.entropy);
    expect(openSlot(recoverySlot, key, state).expose()).toEqual(accountBytes);
  });

  it("[P4C-22] a passkey's PRF output opens a passkey slot that was added later", () => {
    const passkey = samplePasskey(sample.random);
    const env = { random: sample.random, savedAt: sampleTime };
    const { change, account } = changeCredentials(sample.account, { addSlots: [passkey] }, env);
    const [slot = ""] = change.slots;
    expect(parseSlot(slot)).toMatchObject({ kind: "passkey", epoch: 2 });
    expect(openSlot(slot, passkey.key, account.state).expose()).toEqual(accountBytes);
    expect(passkeyPrfInput()).toHaveLength(32);
  });

  it("[P4C-5] [P4C-20] the same secret gives three kinds of slot three keys", () => {
    const bytes = new Uint8Array(64).fill(9);
    const keys = [
      passwordSlotKey(new Secret("root-key", bytes)),
      recoverySlotKey(new Secret("recovery-entropy", bytes)),
      passkeySlotKey(new Secret("prf-output", bytes)),
    ].map(({ key }) => Buffer.from(key.expose()).toString("hex"));
    expect(new Set(keys).size).toBe(3);
  });

  it("[P4C-9] [P4C-24] every changed character of a slot gives the one opaque error", () => {
    const open = (text: string) => openSlot(text, sample.passwordKey, state);
    expect(codesOf(textMutations(passwordSlot), open)).toEqual(["cannot-open"]);
    expect(codesOf(fieldMutations(passwordSlot), open)).toEqual(["cannot-open"]);
  });

  it("[P4C-23] a changed field does not open even where a state names the changed slot", () => {
    const texts = fieldMutations(passwordSlot).filter((text) => text.includes('"slotId"'));
    const open = (text: string) => openSlot(text, sample.passwordKey, naming(text));
    expect(codesOf(texts, open)).toEqual(["cannot-open"]);
    expect(codeOf(() => openSlot(passwordSlot, sample.passwordKey, naming(passwordSlot)))).toBe(
      "none",
    );
  });

  it("[P4C-24] a slot that the state does not name, or names as another kind, does not open", () => {
    const other = sampleAccount("another");
    expect(codeOf(() => openSlot(passwordSlot, sample.passwordKey, other.account.state))).toBe(
      "cannot-open",
    );
    const key = { kind: "recovery", key: sample.passwordKey.key } as const;
    expect(codeOf(() => openSlot(passwordSlot, key, state))).toBe("cannot-open");
    const renamed = {
      ...state,
      slots: state.slots.map((slot) => ({ ...slot, kind: "recovery" as const })),
    };
    expect(codeOf(() => openSlot(passwordSlot, sample.passwordKey, renamed))).toBe("cannot-open");
  });

  it("[P4C-24] a good slot does not open where the state names another text for it", () => {
    const slots = state.slots.map((slot) => ({ ...slot, hash: hashText("another") }));
    const open = () => openSlot(passwordSlot, sample.passwordKey, { ...state, slots });
    expect(codeOf(open)).toBe("cannot-open");
  });

  it("[P4C-23] a slot does not open for another account, whether its first state named it or a later one", () => {
    const other = { identity: hashText("x"), nonce: "A".repeat(43) };
    const spliced = { ...state, account: { ...state.account, nonce: other.nonce } };
    expect(codeOf(() => openSlot(passwordSlot, sample.passwordKey, spliced))).toBe("cannot-open");

    const password = samplePassword(sample.random);
    const env = { random: sample.random, savedAt: sampleTime };
    const changed = changeCredentials(sample.account, { addSlots: [password.slot] }, env);
    const [later = ""] = changed.change.slots;
    const own = changed.account.state;
    expect(codeOf(() => openSlot(later, password.key, own))).toBe("none");
    const foreign = { ...own, account: { ...own.account, identity: other.identity } };
    expect(codeOf(() => openSlot(later, password.key, foreign))).toBe("cannot-open");
  });

  it("[P4C-24] a slot from after the state does not open", () => {
    const password = samplePassword(sample.random);
    const env = { random: sample.random, savedAt: sampleTime };
    const changed = changeCredentials(sample.account, { addSlots: [password.slot] }, env);
    const [later = ""] = changed.change.slots;
    const older = { ...changed.account.state, epoch: 1 };
    expect(codeOf(() => openSlot(later, password.key, older))).toBe("cannot-open");
  });

  it("[P4C-2] [P4C-23] a slot's text has one form and a size", () => {
    expect(parseSlot(passwordSlot)).toMatchObject({ v: 4, kind: "password", epoch: 1 });
    const fields = JSON.parse(passwordSlot) as Record<string, string>;
    const tooLong = encodeCanonical({ ...fields, sealed: "A".repeat(5000) });
    expect(codesOf([tooLong, ` ${passwordSlot}`, "{}", "[]"], parseSlot)).toEqual(["malformed"]);
  });
});
