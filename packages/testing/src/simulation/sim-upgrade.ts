/**
 * An account of protocol 3 becomes one of protocol 4 in the middle of a run (P4K-64, P4K-65): one device upgrades it, the others
 * join with the new password. As `upgradeProfile` and `joinUpgraded` do it, with the product's own `continueRecord`. While that is
 * under way the device's engine does not run; whatever dies in between, a later try goes on from there.
 */
import type { RevisionRef } from "@holdfast/client/engine";
import { deriveModelKeys, headerOf } from "../crypto/model-keys.ts";
import { fetchOutcome, sealedRevision } from "../host/model-transport.ts";
import { statesIn, textIn, walletIn } from "../host/wire.ts";
import type { HostQuestion } from "../host/wire.ts";
import {
  addGeneration,
  modelProtocol4,
  sealRing,
  sessionKeys,
} from "../protocols/model-protocol-4.ts";
import type { SessionKeys } from "../protocols/model-protocol.ts";
import { authorityProof, stateAfter } from "../protocols/model-states.ts";
import { contact, newAccount4, withNewest, withOpened } from "./account-4.ts";
import type { Account4 } from "./account-4.ts";
import { accountAfterLogin } from "./sim-credentials.ts";
import type { SimDevice } from "./sim-device.ts";

type Request = Extract<HostQuestion, { type: "upgrade" }>;

/** What is durable before an upgrade is sent. */
export type PendingUpgrade = { readonly request: Request; readonly keys: SessionKeys };

/** What happens once or twice in a run is interrupted more often. */
const seldom = 50;
const nothing: RevisionRef = { sequence: 0, hash: "" };

/** The person has the account upgraded, with a new password; goes on with an earlier try whose fate is not known. */
export function upgradeAccount<Content>(device: SimDevice<Content>, newPassword: string): void {
  const { session, upgrade, world } = device;
  if (device.protocol.number === 4 || session === null) return;
  if (upgrade === null && !device.isQuiet) return;
  if (!device.pause()) return;
  world.count("upgrade begun");
  world.tell(`${device.id}: upgrades the account`);
  if (upgrade === null) prepare(device, session.token, session.keys.login, newPassword);
  else settle(device, upgrade);
}

/** Everything is synced; what the host shows has to be that. */
function prepare<Content>(
  device: SimDevice<Content>,
  token: string,
  oldLogin: string,
  newPassword: string,
): void {
  const { world, id } = device;
  const { synced } = device.ownRecord();
  device.askOnce({ type: "get-wallet", token, after: 0, statesFrom: 0 }, (answer) => {
    const shown = fetchOutcome(answer);
    const head = shown.type === "head" ? shown.head.revision : nothing;
    const isKnown = shown.type === "head" || shown.type === "empty";
    if (!isKnown || head.sequence !== synced.sequence || head.hash !== synced.hash) {
      end(device, "base-conflict");
      return;
    }
    const saltSeed = world.freshSaltSeed();
    const derived = deriveModelKeys(newPassword, saltSeed);
    const ring = addGeneration([], world.freshText(), "");
    const keys = sessionKeys(derived.login, ring);
    const slot = sealRing(ring, derived, world.freshText());
    const state = stateAfter(null, ring, ring, slot);
    world.registerState(state);
    const base = walletIn(answer?.body);
    const upgradedFrom = base === null ? null : { sequence: synced.sequence, hash: synced.hash };
    const text = world.wallet.serialize(synced.content.content);
    const place = { sequence: 1, parent: nothing, line: [], upgradedFrom };
    const wallet = base === null ? null : modelProtocol4.seal(keys, place, text, world.freshText());
    if (wallet !== null) world.registerRevision(sealedRevision(wallet).hash, synced.content);
    const record = { login: derived.login, saltSeed };
    const request: Request = {
      type: "upgrade",
      oldLogin,
      deviceId: id,
      base: base?.hmac ?? null,
      wallet,
      state,
      slot,
      ...record,
    };
    if (!device.survives(seldom)) return;
    device.upgrade = { request, keys };
    if (!device.survives(seldom)) return;
    send(device, device.upgrade, upgradedFrom);
  });
}

function send<Content>(
  device: SimDevice<Content>,
  { request, keys }: PendingUpgrade,
  upgradedFrom: RevisionRef | null,
): void {
  device.askOnce(request, (answer) => {
    const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
    if (token !== null) finish(device, request, keys, token, upgradedFrom);
    else {
      // An answer of the protocol's own says that it did not happen; anything else, that nobody knows.
      const isRefusal = [401, 403, 409].includes(answer?.status ?? 0);
      if (isRefusal) device.upgrade = null;
      end(device, isRefusal ? "refused" : "unsettled");
    }
  });
}

function finish<Content>(
  device: SimDevice<Content>,
  { wallet, state }: Request,
  keys: SessionKeys,
  token: string,
  upgradedFrom: RevisionRef | null,
): void {
  const fresh = newAccount4([state], keys, token);
  const account =
    wallet === null ? fresh : withNewest(device.world.module, fresh, [headerOf(wallet)], wallet);
  convert(device, { ...account, upgradedFrom });
}

/** Finds out what became of an earlier try: the new account's own key tells. */
function settle<Content>(device: SimDevice<Content>, { keys }: PendingUpgrade): void {
  const proof = authorityProof(keys.ring);
  device.askOnce(
    { type: "log-in-by-key", proof, deviceId: device.id },
    (answer) => {
      const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
      if (token !== null) {
        const login = accountAfterLogin(null, keys, token, null, answer);
        if (login.type === "account") learnOrigin(device, login.account, keys);
        else end(device, "unsettled");
        return;
      }
      const isRefusal = [401, 403].includes(answer?.status ?? 0);
      if (isRefusal) device.upgrade = null;
      end(device, isRefusal ? "did not happen" : "unsettled");
    },
    4,
  );
}

/** After another device upgraded the account: the new password makes this one's profile one of protocol 4. */
export function joinUpgraded<Content>(device: SimDevice<Content>, password: string): void {
  const { world, id } = device;
  if (device.protocol.number === 4 || !device.pause()) return;
  world.count("join upgraded");
  world.tell(`${id}: joins the upgraded account`);
  device.askOnce(
    { type: "get-salt-seed" },
    (seedAnswer) => {
      const saltSeed = textIn(seedAnswer?.body, "clientSaltSeed");
      if (saltSeed === null) {
        end(device, "no answer");
        return;
      }
      const derived = deriveModelKeys(password, saltSeed);
      const question = { type: "log-in", login: derived.login, deviceId: id } as const;
      device.askOnce(
        question,
        (answer) => {
          const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
          const slot = textIn(answer?.body, "slot");
          const keys = token === null ? null : modelProtocol4.unlock(derived, slot);
          const isAnswer = token !== null && keys !== null && statesIn(answer?.body).length > 0;
          const login = isAnswer ? accountAfterLogin(null, keys, token, slot, answer) : null;
          if (keys === null || login?.type !== "account") end(device, "login refused");
          else learnOrigin(device, login.account, keys);
        },
        4,
      );
    },
    4,
  );
}

/** Which revision of protocol 3 the wallet continues, as its newest revision says. */
function learnOrigin<Content>(
  device: SimDevice<Content>,
  account: Account4,
  keys: SessionKeys,
): void {
  const token = account.token ?? "none";
  const question = {
    type: "get-wallet",
    token,
    after: 0,
    statesFrom: account.states.length,
  } as const;
  device.askOnce(
    question,
    (answer) => {
      const contacted = contact(account, nothing, answer);
      const { outcome } = contacted;
      if (outcome.type === "empty") {
        convert(device, contacted.account);
        return;
      }
      const opened = outcome.type === "head" ? modelProtocol4.open(keys, outcome.head) : null;
      if (outcome.type !== "head" || opened?.type !== "text") {
        end(device, "unsettled");
        return;
      }
      const { module } = device.world;
      const { upgradedFrom } = opened;
      convert(device, withOpened(module, contacted.account, nothing, outcome.head, upgradedFrom));
    },
    4,
  );
}

/** State first, then the text that says how to read it. */
function convert<Content>(device: SimDevice<Content>, account: Account4): void {
  const { world, store } = device;
  const { empty } = world.format;
  const stored = store.durable;
  if (stored === null) throw new Error("a device without a record");
  if (stored.owner === 3) {
    const continued = world.module.continueRecord(stored.record, empty, account.upgradedFrom);
    if (continued.type !== "continued") {
      device.upgrade = null;
      world.checks.notContinued(device, continued.type);
      end(device, continued.type);
      return;
    }
    // A push that only a lying host can have taken is not looked for across an upgrade.
    if (stored.record.givenUp.length > 0) world.ledger.forgiveRemovals();
    if (!device.survives(seldom)) return;
    store.durable = { record: continued.record, owner: 4 };
  }
  if (!device.survives(seldom)) return;
  device.upgrade = null;
  device.turnTo4(account);
  if (!device.survives(seldom)) return;
  end(device, "done");
}

function end<Content>(device: SimDevice<Content>, what: string): void {
  device.world.count(`upgrade: ${what}`);
  device.world.tell(`${device.id}: upgrade: ${what}`);
  device.resume();
}
