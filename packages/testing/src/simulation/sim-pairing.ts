/**
 * A device that joins by pairing (P4K-45 to P4K-47): it shows an invitation, an unlocked one hands the account over, sealed to that
 * invitation, and the person says yes after comparing whose account it is. The invitation goes from screen to camera, not through
 * the host.
 */
import type { RevisionRef } from "@holdfast/client/engine";
import { deriveBoxKeys, hashText, openText, sealText } from "../crypto/model-keys.ts";
import { textIn } from "../host/wire.ts";
import type { AccountState } from "../host/wire.ts";
import { formatRing, parseRing, sessionKeys } from "../protocols/model-protocol-4.ts";
import { authorityProof } from "../protocols/model-states.ts";
import { newAccount4 } from "./account-4.ts";
import { accountAfterLogin } from "./sim-credentials.ts";
import type { SimDevice } from "./sim-device.ts";

/** What happens once or twice in a run is interrupted more often. */
const seldom = 50;
const pollMs = 5000;
const pairingMs = 5 * 60_000;

type Invitation = { readonly pairingId: string; readonly secret: string };

/** What is handed over. */
type Message = {
  readonly ring: string;
  readonly states: readonly AccountState[];
  readonly head: RevisionRef;
};

/** The new device shows an invitation, and some time later a person holds another device before it. */
export function pair<Content>(device: SimDevice<Content>): void {
  const { world } = device;
  device.isPairing = true;
  const secret = world.freshText();
  const pairingId = `pairing-${hashText(secret)}`;
  const invitation: Invitation = { pairingId, secret };
  world.count("pairing begun");
  world.tell(`${device.id}: shows an invitation`);
  const afterMs = world.people.pick([1000, 10_000, 60_000, 2 * pairingMs]);
  device.askOnce({ type: "start-pairing", pairingId }, (answer) => {
    if (answer?.status !== 200) {
      end(device, "no answer");
      return;
    }
    world.schedule.after(pairingMs, () => {
      world.host.pairings.end(pairingId);
    });
    world.schedule.after(afterMs, () => {
      handOver(device, invitation);
    });
    waitForAnswer(device, invitation, world.schedule.nowMs + pairingMs);
  });
}

/** Some unlocked device's part; its person gave the passcode again. */
function handOver<Content>(
  { world, id }: SimDevice<Content>,
  { pairingId, secret }: Invitation,
): void {
  const others = world.living.filter((one) => one.id !== id && one.session !== null);
  if (others.length === 0) return;
  const device = world.random.pick(others);
  const { account, session } = device;
  if (account === null || session === null) return;
  const { states, head } = account;
  const message: Message = { ring: formatRing(session.keys.ring), states, head };
  const keys = deriveBoxKeys(secret, "pairing");
  const sealed = sealText(keys, JSON.stringify(message), world.freshText());
  world.tell(`${device.id}: hands the account over to ${id}`);
  device.askOnce(
    { type: "put-pairing", token: session.token, pairingId, message: sealed },
    (answer) => {
      world.count(answer?.status === 200 ? "pairing: handed over" : "pairing: not handed over");
    },
  );
}

function waitForAnswer<Content>(
  device: SimDevice<Content>,
  invitation: Invitation,
  endsAtMs: number,
): void {
  const { world } = device;
  // The person may have typed the password meanwhile.
  if (device.account !== null) {
    end(device, "not needed any more");
    return;
  }
  if (world.schedule.nowMs >= endsAtMs) {
    end(device, "expired");
    return;
  }
  device.askOnce({ type: "get-pairing", pairingId: invitation.pairingId }, (answer) => {
    const message = answer?.status === 200 ? textIn(answer.body, "message") : null;
    if (message !== null) accept(device, invitation, message);
    else if (answer?.status === 410) end(device, "expired");
    else
      device.later(pollMs, pollMs, () => {
        waitForAnswer(device, invitation, endsAtMs);
      });
  });
}

function accept<Content>(device: SimDevice<Content>, { secret }: Invitation, sealed: string): void {
  const { world, id } = device;
  const text = openText(deriveBoxKeys(secret, "pairing"), sealed);
  if (text === null) {
    world.checks.pairingRefused(device);
    end(device, "not authentic");
    return;
  }
  const { ring, states, head } = JSON.parse(text) as Message;
  const keys = sessionKeys("", parseRing(ring));
  const question = {
    type: "log-in-by-key",
    proof: authorityProof(keys.ring),
    deviceId: id,
  } as const;
  device.askOnce(question, (answer) => {
    const token = answer?.status === 200 ? textIn(answer.body, "token") : null;
    if (token === null) {
      end(device, answer?.status === 401 ? "the keys were changed" : "no answer");
      return;
    }
    if (device.account !== null) {
      end(device, "not needed any more");
      return;
    }
    const known = newAccount4(states, keys, null, head);
    const login = accountAfterLogin(known, keys, token, null, answer);
    if (login.type === "rejected") {
      world.loginRefused(device, login.problem);
      end(device, "other states");
      return;
    }
    if (!device.survives(seldom)) return;
    device.account = login.account;
    device.toldOf = head.sequence;
    if (!device.survives(seldom)) return;
    end(device, "joined");
    device.unlock({ token, keys });
  });
}

function end<Content>(device: SimDevice<Content>, why: string): void {
  const { world, id } = device;
  device.isPairing = false;
  world.count(`pairing: ${why}`);
  world.tell(`${id}: pairing: ${why}`);
}
