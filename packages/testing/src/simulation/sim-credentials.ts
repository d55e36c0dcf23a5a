/** How a device of the simulation opens an account by password, and how it changes the password. */
import type { PasswordChangeOutcome, ProblemName } from "@holdfast/client/engine";
import { deriveModelKeys, hashText } from "../crypto/model-keys.ts";
import type { ModelKeys } from "../crypto/model-keys.ts";
import { passwordChangeOutcome } from "../host/model-transport.ts";
import { statesIn, textIn } from "../host/wire.ts";
import type { HostAnswer, HostQuestion, StoredWallet } from "../host/wire.ts";
import { addGeneration, sealRing, sessionKeys } from "../protocols/model-protocol-4.ts";
import type { SessionKeys } from "../protocols/model-protocol.ts";
import { authorityProof, judgeStates, stateAfter } from "../protocols/model-states.ts";
import { newAccount4 } from "./account-4.ts";
import type { Account4 } from "./account-4.ts";
import type { Session, SimDevice } from "./sim-device.ts";
import type { World } from "./world.ts";

export type NextPassword = {
  readonly password: string;
  readonly saltSeed: string;
  /** protocol 4: with new keys for everything that comes after */
  readonly isRotation: boolean;
};

/** Fetches the salt seed, derives the keys and logs in; null: nothing came of it. */
export function logInByPassword<Content>(
  device: SimDevice<Content>,
  password: string,
  done: (session: Session | null) => void,
): void {
  device.askOnce({ type: "get-salt-seed" }, (seedAnswer) => {
    const saltSeed = textIn(seedAnswer?.body, "clientSaltSeed");
    if (saltSeed === null) done(null);
    else logIn(device, deriveModelKeys(password, saltSeed), done);
  });
}

function logIn<Content>(
  device: SimDevice<Content>,
  keys: ModelKeys,
  done: (session: Session | null) => void,
): void {
  device.askOnce({ type: "log-in", login: keys.login, deviceId: device.id }, (answer) => {
    const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
    const slot = textIn(answer?.body, "slot");
    const unlocked = token === null ? null : device.protocol.unlock(keys, slot);
    if (token === null || unlocked === null) {
      done(null);
      return;
    }
    if (device.protocol.number === 4) {
      const account = accountAfterLogin(device.account, unlocked, token, slot, answer);
      if (account.type === "rejected") {
        device.world.loginRefused(device, account.problem);
        done(null);
        return;
      }
      device.account = account.account;
    }
    done({ token, keys: unlocked });
  });
}

type Login =
  | { readonly type: "account"; readonly account: Account4 }
  /** null: an answer that is none */
  | { readonly type: "rejected"; readonly problem: ProblemName | null };

/** Nothing of a login is kept before all that the host showed was verified and has opened (P4K-21). */
export function accountAfterLogin(
  known: Account4 | null,
  keys: SessionKeys,
  token: string,
  slot: string | null,
  answer: HostAnswer | null,
): Login {
  const judged = judgeStates(known?.states ?? [], statesIn(answer?.body));
  if (judged.type === "garbled") return { type: "rejected", problem: null };
  if (judged.type === "rejected") return judged;
  const { states } = judged;
  const newest = states.at(-1);
  const isNewest = newest?.authority === hashText(authorityProof(keys.ring));
  // `slot` null: it was not the password that opened it.
  const isSlot = slot === null || newest?.slot === hashText(slot);
  if (!isNewest || !isSlot) return { type: "rejected", problem: "not-authentic" };
  const account =
    known === null ? newAccount4(states, keys, token) : { ...known, states, keys, token };
  return { type: "account", account };
}

/** Protocol 3: the keys that the password gives which is about to be set. */
export function keysOfNextPassword<Content>(
  { protocol }: SimDevice<Content>,
  next: NextPassword | null,
): SessionKeys | null {
  return next === null
    ? null
    : protocol.unlock(deriveModelKeys(next.password, next.saltSeed), null);
}

/** Asks the host for the change and logs in anew. */
export function sendPasswordChange<Content>(
  device: SimDevice<Content>,
  next: NextPassword,
  wallet: StoredWallet | null,
  end: (outcome: PasswordChangeOutcome) => void,
): void {
  const old = device.session;
  if (old === null) return;
  const { password, saltSeed } = next;
  const keys = deriveModelKeys(password, saltSeed);
  const [newKeys, change] = piecesOf(device, old, next, keys);
  const record = { oldLogin: old.keys.login, login: keys.login, saltSeed };
  device.askOnce({ type: "change-password", ...record, wallet, change }, (answer) => {
    const outcome = passwordChangeOutcome(answer);
    if (outcome !== "changed") {
      end({ type: outcome });
      return;
    }
    logIn(device, keys, (session) => {
      device.setSession(session ?? { token: "none", keys: newKeys });
      end({ type: "changed", keyId: newKeys.keyId });
    });
  });
}

/** The keys that a change leads to, and in protocol 4 what it carries. */
function piecesOf<Content>(
  { protocol, account, state, world }: SimDevice<Content>,
  { keys: old }: Session,
  { isRotation }: NextPassword,
  keys: ModelKeys,
): [SessionKeys, Extract<HostQuestion, { type: "change-password" }>["change"]] {
  if (account === null) {
    const newKeys = protocol.unlock(keys, null);
    if (newKeys === null) throw new Error("a password without keys");
    return [newKeys, null];
  }
  const closedAt = state?.record.synced.hash ?? "";
  const ring = isRotation ? addGeneration(old.ring, world.freshText(), closedAt) : old.ring;
  const made = newPasswordState(world, account, old, ring, keys);
  return [sessionKeys(keys.login, ring), { ...made, proof: authorityProof(old.ring) }];
}

/** One more state, which names a slot that this password opens. */
export function newPasswordState<Content>(
  world: World<Content>,
  { states }: Account4,
  { ring: signers }: SessionKeys,
  ring: SessionKeys["ring"],
  keys: ModelKeys,
) {
  const slot = sealRing(ring, keys, world.freshText());
  const state = stateAfter(states.at(-1) ?? null, signers, ring, slot);
  world.registerState(state);
  return { slot, state };
}
