/**
 * How a device of the simulation heals a host of protocol 4 that came back from a backup (P4K-59): as `healHost` and `syncWallet`
 * do it, with the product's own decisions about what lacks. A session first, then the states, then the wallet.
 */
import type { RevisionRef } from "@holdfast/client/engine";
import { deriveModelKeys, hashWallet } from "../crypto/model-keys.ts";
import { sealedRevision } from "../host/model-transport.ts";
import { statesIn, textIn, walletIn } from "../host/wire.ts";
import type { AccountState, Healing, HostAnswer, HostQuestion } from "../host/wire.ts";
import type { SessionKeys } from "../protocols/model-protocol.ts";
import { authorityProof, hashState } from "../protocols/model-states.ts";
import { headerNames } from "./account-4.ts";
import type { Account4 } from "./account-4.ts";
import { newPasswordState } from "./sim-credentials.ts";
import type { SimDevice } from "./sim-device.ts";

/** What a person can type when asked. */
export type Typed = { readonly password: string; readonly oldPassword: string };

/** Has the device bring its host up to what it has verified, and then go on with the decision to heal. */
export function heal<Content>(device: SimDevice<Content>, typed: Typed): void {
  new HostHealing(device, typed).begin();
}

class HostHealing<Content> {
  readonly #device: SimDevice<Content>;
  readonly #typed: Typed;

  constructor(device: SimDevice<Content>, typed: Typed) {
    this.#device = device;
    this.#typed = typed;
  }

  begin(): void {
    const { account } = this.#device;
    if (account === null || account.keys === null) {
      this.#end("locked");
      return;
    }
    const { keys, token } = account;
    if (token === null) this.#logInByKey(keys);
    else
      this.#device.askOnce({ type: "get-states", token }, (answer) => {
        if (answer?.status === 401) this.#logInByKey(keys);
        else this.#states(answer, keys);
      });
  }

  #logInByKey(keys: SessionKeys): void {
    const { id } = this.#device;
    const proof = authorityProof(keys.ring);
    this.#device.askOnce({ type: "log-in-by-key", proof, deviceId: id }, (answer) => {
      if (answer?.status === 401) this.#logInByOldPassword(keys);
      else this.#keepSession(answer, keys);
    });
  }

  /** The host knows older keys only: with the password of that time it opens a session, and nothing more. */
  #logInByOldPassword(keys: SessionKeys): void {
    this.#device.askOnce({ type: "get-salt-seed" }, (seedAnswer) => {
      const saltSeed = textIn(seedAnswer?.body, "clientSaltSeed");
      if (saltSeed === null) {
        this.#end("no answer");
        return;
      }
      const { login } = deriveModelKeys(this.#typed.oldPassword, saltSeed);
      this.#device.askOnce({ type: "log-in", login, deviceId: this.#device.id }, (answer) => {
        this.#keepSession(answer, keys);
      });
    });
  }

  #keepSession(answer: HostAnswer | null, keys: SessionKeys): void {
    const { account } = this.#device;
    const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
    const theirs = statesIn(answer?.body);
    if (account === null || token === null || !isBeginningOf(account.states, theirs)) {
      this.#end(answer === null || theirs.length === 0 ? "no answer" : "other states");
      return;
    }
    this.#device.account = { ...account, token };
    this.#states(answer, keys);
  }

  #states(answer: HostAnswer | null, keys: SessionKeys): void {
    const { account, world } = this.#device;
    const theirs = statesIn(answer?.body);
    const [hosts, newest] = [theirs.at(-1), account?.states.at(-1)];
    const token = account?.token ?? null;
    if (account === null || token === null || hosts === undefined || newest === undefined) {
      this.#end("no answer");
      return;
    }
    const lack = world.module.lackOfStates(account.states.map(hashState), theirs.map(hashState));
    if (lack === "nothing") {
      this.#wallet(account, keys);
      return;
    }
    if (lack === "forked") {
      this.#end("forked states");
      return;
    }
    const states = account.states.slice(theirs.length);
    const withPassword = hosts.slot === newest.slot ? null : this.#newPassword(account, keys);
    const all = withPassword === null ? states : [...states, withPassword.state];
    const send = (healing: Healing): void => {
      const { slot = null, password = null } = withPassword ?? {};
      this.#device.askOnce(
        { type: "heal-states", token, states: all, slot, password, ...healing },
        (answer) => {
          this.#statesSent(answer, all, keys);
        },
      );
    };
    // Where the missing states close a generation, the headers up to there come along.
    if (hosts.epoch === newest.epoch) send(nothingLacks);
    else this.#lacking(account, send);
  }

  /** The password's record never was on a device: a further state names one that is made now. */
  #newPassword(account: Account4, keys: SessionKeys) {
    const { world } = this.#device;
    const saltSeed = world.freshSaltSeed();
    const derived = deriveModelKeys(this.#typed.password, saltSeed);
    const made = newPasswordState(world, account, keys, keys.ring, derived);
    return { ...made, password: { login: derived.login, saltSeed } };
  }

  #statesSent(answer: HostAnswer | null, sent: readonly AccountState[], keys: SessionKeys): void {
    const { account, world } = this.#device;
    const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
    if (account === null || token === null) {
      this.#end(answer?.status === 409 ? "states refused" : "no answer");
      return;
    }
    const known = new Set(account.states.map(hashState));
    const states = [...account.states, ...sent.filter((state) => !known.has(hashState(state)))];
    this.#device.account = { ...account, states, token };
    world.count("healed states", sent.length);
    this.#wallet(this.#device.account, keys);
  }

  #wallet(account: Account4, keys: SessionKeys): void {
    const token = account.token ?? "none";
    const done = (): void => {
      this.#done(token, keys);
    };
    this.#lacking(account, ({ headers, newest }) => {
      if (newest === null) {
        done();
        return;
      }
      this.#device.askOnce({ type: "heal-wallet", token, headers, newest }, (answer) => {
        const isIt = textIn(answer?.body, "hash") === hashWallet(newest);
        if (answer?.status === 409) this.#toBeMerged(token, keys);
        else if (answer?.status !== 200 || !isIt) this.#end("no answer");
        else {
          this.#device.world.count("healed revisions", headers.length);
          done();
        }
      });
    });
  }

  /** What the host lacks of the wallet, as far as this device has it. */
  #lacking(account: Account4, use: (healing: Healing) => void): void {
    const token = account.token ?? "none";
    const { head, kept, keys } = account;
    const question: HostQuestion = { type: "get-wallet", token, after: 0, statesFrom: 0 };
    this.#device.askOnce(question, (answer) => {
      const wallet = walletIn(answer?.body);
      if (wallet === null && answer?.status !== 404) {
        this.#end("no answer");
        return;
      }
      const theirs: RevisionRef = wallet === null ? noHead : sealedRevision(wallet);
      const { lackOfHeaders } = this.#device.world.module;
      const lack = lackOfHeaders(kept, headerNames, head, theirs, 1000);
      if (lack.type === "nothing") use(nothingLacks);
      else if (lack.type === "lacks") use({ headers: lack.headers, newest: kept.newest });
      else if (lack.type === "not-here") this.#end("not here");
      else if (keys !== null) this.#toBeMerged(token, keys);
    });
  }

  /** Another device went on from what the host was left with: both contents go into the next revision. */
  #toBeMerged(token: string, keys: SessionKeys): void {
    this.#device.world.count("heal: to be merged");
    this.#device.world.checks.afterHealing(this.#device, "to be merged");
    this.#open(token, keys);
    this.#device.decide("heal");
  }

  #done(token: string, keys: SessionKeys): void {
    this.#device.world.count("heal: healed");
    this.#device.world.checks.afterHealing(this.#device, "healed");
    this.#open(token, keys);
    this.#device.decide("try-again", "heal");
  }

  #open(token: string, keys: SessionKeys): void {
    const isOpen = this.#device.state?.access.type === "open";
    if (isOpen) this.#device.setSession({ token, keys });
    else this.#device.unlock({ token, keys });
  }

  #end(why: string): void {
    this.#device.world.count(`heal: ${why}`);
    if (["not here", "states refused"].includes(why))
      this.#device.world.checks.afterHealing(this.#device, why);
    this.#device.world.tell(`${this.#device.id}: does not heal the host: ${why}`);
  }
}

const noHead: RevisionRef = { sequence: 0, hash: "" };
const nothingLacks: Healing = { headers: [], newest: null };

function isBeginningOf(ours: readonly AccountState[], theirs: readonly AccountState[]): boolean {
  return theirs.every((state, at) => {
    const own = ours[at];
    return own !== undefined && hashState(state) === hashState(own);
  });
}
