import { type Hash, type WalletId } from "../../identifiers.ts";
import {
  changeCredentials,
  type ChangedAccount,
  createAccount,
  createRecoveryPhrase,
  generationKeys,
  hashBytes,
  headOf,
  type NewSlot,
  parseHostOrigin,
  passkeySlotKey,
  passwordSlotKey,
  type RecoveryEntropy,
  recoveryReference,
  recoverySlotKey,
  rotateAccount,
  type SealedRevision,
  sealRevision,
  Secret,
  secretOf,
  type UnlockedAccount,
} from "../../index.ts";
import { seededBytes } from "../second-path/seeded-bytes.ts";

/** What a slot of the story was sealed with. */
interface StorySlot {
  readonly kind: NewSlot["key"]["kind"];
  /** The export key, the phrase's bits or the PRF output. */
  readonly input: Uint8Array;
  readonly slot: NewSlot;
}

interface StoryStep {
  readonly name: string;
  readonly change: ChangedAccount["change"];
  readonly account: UnlockedAccount;
  readonly slots: readonly StorySlot[];
}

/** One account through every kind of change, with revisions before and after a rotation. All of it follows from one seed. */
export interface Story {
  readonly steps: readonly StoryStep[];
  readonly revisions: readonly SealedRevision[];
  readonly entropy: RecoveryEntropy;
}

export const storyHost = parseHostOrigin("https://holdfast.example");
export const storyWallet = "default" as WalletId;
const startedAt = 1_795_000_000_000;

export function tellStory(): Story {
  const random = seededBytes("holdfast protocol 4 vectors");
  const at = (day: number) => ({ random, savedAt: startedAt + day * 86_400_000 });
  const entropy = createRecoveryPhrase(random);
  const password = () => storySlot("password", random(64), hashBytes(random(192)));
  const recovery = storySlot("recovery", entropy.expose(), recoveryReference(entropy));
  const passwords = [password(), password(), password()] as const;
  const passkey = storySlot("passkey", random(32), hashBytes(random(16)));

  const first = createAccount(storyHost, [passwords[0].slot, recovery.slot], at(0));
  const wallet = changeCredentials(first.account, { addWallets: ["Ersparnisse – été"] }, at(1));
  const keyed = changeCredentials(wallet.account, { addSlots: [passkey.slot] }, at(2));
  const renewed = changeCredentials(keyed.account, { addSlots: [passwords[1].slot] }, at(3));
  const revisions = [seal(renewed.account, undefined, "one", random)];
  revisions.push(seal(renewed.account, revisions[0], "zwei €", random));
  const head: Hash | null = revisions[1]?.header.hash ?? null;
  const heads = new Map([[storyWallet, head]]);
  const rotated = rotateAccount(renewed.account, { slots: [passwords[2].slot], heads }, at(4));
  revisions.push(seal(rotated.account, revisions[1], "three", random));

  const step = (name: string, changed: ChangedAccount, slots: readonly StorySlot[]): StoryStep => ({
    name,
    ...changed,
    slots,
  });
  const steps = [
    step("account created", first, [passwords[0], recovery]),
    step("wallet added", wallet, []),
    step("passkey added", keyed, [passkey]),
    step("password changed", renewed, [passwords[1]]),
    step("rotated", rotated, [passwords[2]]),
  ];
  return { steps, revisions, entropy };
}

function seal(
  { state, keyring }: UnlockedAccount,
  previous: SealedRevision | undefined,
  text: string,
  random: (length: number) => Uint8Array,
): SealedRevision {
  const generation = state.wallets.find(({ walletId }) => walletId === storyWallet)?.generation ?? 1;
  const document = JSON.stringify({ text, list: Array.from({ length: 40 }, () => text) });
  const revision = {
    identity: state.account.identity,
    walletId: storyWallet,
    head: previous && headOf(previous.header),
    generation,
    epoch: state.epoch,
    deviceId: "device-1",
    savedAt: startedAt,
    content: { format: "json", document, conflicts: "[]", retired: "[]" },
    keys: generationKeys(secretOf(keyring, storyWallet, generation)),
  };
  return sealRevision(revision, random);
}

function storySlot(kind: StorySlot["kind"], input: Uint8Array, reference: Hash): StorySlot {
  const keys = {
    password: () => passwordSlotKey(new Secret("root-key", input)),
    recovery: () => recoverySlotKey(new Secret("recovery-entropy", input)),
    passkey: () => passkeySlotKey(new Secret("prf-output", input)),
  };
  return { kind, input, slot: { key: keys[kind](), reference } };
}
