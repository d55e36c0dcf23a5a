/**
 * Changing credentials (P4-34 …): one request along the account's own chain of states, applied as a whole or not at all; and
 * the states that heal a host which came back from a backup.
 *
 * Invariants: the host applies what the authority key of the state before has signed, with exactly the pieces that the
 * newest names; a change is checked against the very state and heads under which it is stored; where password or keys change,
 * every session and socket ends before the answer, and the changing device gets the only new one.
 */
import {
  checkChangeInSteps,
  type ChangeOutcome,
  createCredentialId,
  hashText,
  type HostOrigin,
  type OpaqueServer,
  parseOpaqueRecord,
  type RandomBytes,
  type SecurityState,
  type SignedState,
} from "@holdfast/crypto/verify";
import { limits4 } from "@holdfast/protocol/protocol-4";
import type { DeviceSession } from "../devices/device-session-store.ts";
import type { DeviceSessions } from "../devices/device-sessions.ts";
import type { SessionGrant } from "../devices/session-grant.ts";
import { checkPushed, type PushedRevisions } from "../revisions/check-pushed.ts";
import type {
  AppendedRevisions,
  RevisionStore,
  StorageFull,
  StoredHead,
} from "../revisions/revision-store.ts";
import { runInSlices } from "../revisions/in-slices.ts";
import type { SecondFactor } from "../second-factor/second-factor.ts";
import { createShortLived } from "../short-lived/short-lived.ts";
import { type AccountView, type AccountViews, lengthOf } from "./account-views.ts";
import { explainChange, toStoredSlot } from "./checked-account.ts";
import type { CredentialStore, StoredChange } from "./credential-store.ts";
import type { Notices4 } from "./notices-4.ts";
import { quickCheck } from "./quick-check.ts";
import type { Registration } from "./registration.ts";

interface RequestedChange {
  /** One state, or when healing all that the host lacks. */
  readonly states: readonly SignedState[];
  readonly slots: readonly string[];
  readonly keyring?: string | undefined;
  readonly password?: { readonly registrationId: string; readonly record: string } | undefined;
  readonly wallets: readonly PushedRevisions[];
}

type ChangeCredentialsOutcome =
  | {
      readonly type: "changed";
      readonly epoch: number;
      /** Where all sessions ended: the changing device's new one. */
      readonly session: SessionGrant | undefined;
    }
  | { readonly type: "session-ended" }
  | { readonly type: "start-again" }
  /** It does not follow the newest state, which is of this epoch. */
  | { readonly type: "state-conflict"; readonly epoch: number }
  | { readonly type: "head-moved"; readonly walletId: string }
  | StorageFull
  | { readonly type: "refused-state"; readonly why: string }
  | { readonly type: "refused-revision"; readonly walletId: string; readonly why: string };

export interface CredentialChanges {
  /** Throws CryptoError `malformed` for a message that is none. */
  start(
    session: DeviceSession,
    registration: string,
  ): { readonly registrationId: string; readonly response: string };
  change(session: DeviceSession, request: RequestedChange): Promise<ChangeCredentialsOutcome>;
  /**
   * The same without a session: a host that came back from a backup knows neither the device's token nor its key, and the
   * states say by themselves whose they are. Nobody gets a session from it. Where the second factor is on it takes a code: who
   * has the keys alone could else give the account a way in that asks for none. `login-refused`: there is no such account.
   */
  heal(
    identity: string,
    request: RequestedChange,
    mfaCode: string | undefined,
    /** The client's address. */
    ip: string,
  ): Promise<ChangeCredentialsOutcome | SecondFactorRefusal | { readonly type: "login-refused" }>;
}

type SecondFactorRefusal =
  | { readonly type: "mfa-required" }
  | Exclude<Awaited<ReturnType<SecondFactor["check"]>>, { readonly type: "passed" }>;

/** Who asks for a change: a device by its session, or nobody in particular. */
interface Asker {
  readonly userId: number;
  readonly session: DeviceSession | undefined;
}

/** How often a change is checked again because something moved under it. */
const MAX_CHECKS = 4;

export function createCredentialChanges(dependencies: {
  readonly store: CredentialStore;
  readonly revisions: RevisionStore;
  readonly views: AccountViews;
  readonly opaque: OpaqueServer;
  readonly registration: Pick<Registration, "take">;
  readonly sessions: DeviceSessions;
  readonly secondFactor: Pick<SecondFactor, "isOn" | "check">;
  readonly notices: Notices4;
  readonly origin: () => HostOrigin;
  readonly maxWalletBytes: number;
  readonly maxAccountBytes: number;
  readonly clock: () => number;
  readonly randomBytes: RandomBytes;
}): CredentialChanges {
  const { store, revisions, views, opaque, sessions, notices, clock, randomBytes } = dependencies;
  const { registration } = dependencies;
  const started = createShortLived<{
    readonly userId: number;
    readonly sessionId: string;
    readonly credentialId: string;
  }>({
    lifetimeMs: limits4.startedMs,
    clock,
    randomBytes,
    ownerOf: ({ sessionId }) => sessionId,
  });

  /** The change as it may be stored under what the host has now, or why not. */
  async function check(
    { userId, session }: Asker,
    view: AccountView,
    request: RequestedChange,
    credentialId: string | undefined,
  ): Promise<
    | { readonly type: "checked"; readonly change: StoredChange; readonly grant?: SessionGrant }
    | ChangeCredentialsOutcome
  > {
    const { newest: current } = view;
    const heads = await revisions.heads(userId);
    const { record } = request.password ?? {};
    const steps = checkChangeInSteps({
      current,
      host: dependencies.origin(),
      states: request.states,
      slots: request.slots,
      keyring: request.keyring,
      record: record === undefined ? undefined : parseOpaqueRecord(record),
      mayClose: (walletId, closedAt) =>
        closedAt === headOf(heads, walletId) || isBrought(request.wallets, walletId, closedAt),
      quickCheck,
    });
    const outcome = await runInSlices(steps);
    if (outcome.type !== "accepted") return explain(outcome, view);

    const states = [...view.states, ...outcome.fresh];
    // What every login carries and every device verifies must not grow without end.
    if (lengthOf(states) > limits4.statesLength) {
      return { type: "refused-state", why: "too-many-states" };
    }
    const appended: AppendedRevisions[] = [];
    for (const pushed of request.wallets) {
      const { maxWalletBytes } = dependencies;
      const checked = await checkPushed(revisions, userId, states, pushed, maxWalletBytes);
      if (checked.type === "accepted") appended.push(checked.revisions);
      else if (checked.type !== "repeated") {
        return { type: "refused-revision", walletId: pushed.walletId, why: checked.type };
      }
    }
    const { newest } = outcome;
    const endsSessions =
      passwordSlot(newest) !== passwordSlot(current) ||
      newest.authorityKey !== current.authorityKey;
    const issued = endsSessions && session !== undefined ? sessions.issue(session) : undefined;
    const newSlots = outcome.slots.map(toStoredSlot);
    const opaqueCredential =
      record === undefined || credentialId === undefined ? undefined : { credentialId, record };
    const change: StoredChange = {
      userId,
      tokenHash: session?.tokenHash,
      nowMs: clock(),
      epoch: current.epoch,
      states: outcome.fresh.map(({ epoch, signed }) => ({ epoch, signed })),
      keptSlotIds: newest.slots
        .map(({ slotId }) => slotId)
        .filter((slotId) => newSlots.every((slot) => slot.slotId !== slotId)),
      newSlots,
      ...(outcome.keyring !== undefined && { keyring: outcome.keyring.text }),
      ...(opaqueCredential !== undefined && { opaque: opaqueCredential }),
      heads: closedWallets(current, newest)
        .filter((walletId) => appended.every((one) => one.walletId !== walletId))
        .map((walletId) => ({ walletId, hash: headOf(heads, walletId) })),
      revisions: appended,
      maxBytes: dependencies.maxAccountBytes,
      endsSessions,
      ...(issued !== undefined && { session: issued.session }),
    };
    if (issued === undefined) return { type: "checked", change };
    const { sessionId, expiresAtMs } = issued.session;
    return { type: "checked", change, grant: { token: issued.token, sessionId, expiresAtMs } };
  }

  function tell(userId: number, change: StoredChange, epoch: number): void {
    if (change.endsSessions) notices.allSessionsEnded(userId);
    else notices.credentialsChanged(userId, epoch);
    for (const { walletId, headers } of change.revisions) {
      const newest = headers.at(-1);
      if (newest !== undefined) notices.walletChanged(userId, { walletId, ...newest });
    }
  }

  async function judgeSecondFactor(
    userId: number,
    mfaCode: string | undefined,
    ip: string,
  ): Promise<SecondFactorRefusal | undefined> {
    if (!(await dependencies.secondFactor.isOn(userId))) return undefined;
    if (mfaCode === undefined) return { type: "mfa-required" };
    const passed = await dependencies.secondFactor.check(userId, mfaCode, ip);
    return passed.type === "passed" ? undefined : passed;
  }

  /** `mayGoOn` is asked once, when the states have proved to be the account's own. */
  async function apply<Refusal extends object>(
    asker: Asker,
    request: RequestedChange,
    credentialId: string | undefined,
    mayGoOn: () => Promise<Refusal | undefined>,
  ): Promise<ChangeCredentialsOutcome | Refusal> {
    const { userId } = asker;
    for (let round = 1; round <= MAX_CHECKS; round += 1) {
      const view = await views.load(userId);
      if (view === undefined) return { type: "session-ended" };
      const checked = await check(asker, view, request, credentialId);
      if (checked.type !== "checked") return checked;
      const refusal = round === 1 ? await mayGoOn() : undefined;
      if (refusal !== undefined) return refusal;
      const { change, grant } = checked;
      const outcome = await store.change(change);
      if (outcome.type === "session-ended" || outcome.type === "storage-full") return outcome;
      if (outcome.type === "identity-taken") return { type: "refused-state", why: outcome.type };
      if (outcome.type === "changed") {
        const epoch = change.states.at(-1)?.epoch ?? change.epoch;
        tell(userId, change, epoch);
        return { type: "changed", epoch, session: grant };
      }
    }
    return { type: "head-moved", walletId: "default" };
  }

  return {
    start({ userId, sessionId }, registration) {
      const credentialId = createCredentialId(randomBytes);
      const response = opaque.answerRegistration(credentialId, registration);
      return { registrationId: started.add({ userId, sessionId, credentialId }).handle, response };
    },

    async change(session, request) {
      const { userId } = session;
      const begun = request.password && started.take(request.password.registrationId);
      if (request.password !== undefined && begun?.userId !== userId) {
        return { type: "start-again" };
      }
      const mayGoOn = () => Promise.resolve(undefined);
      return apply<never>({ userId, session }, request, begun?.credentialId, mayGoOn);
    },

    async heal(identity, request, mfaCode, ip) {
      const holder = await store.findByIdentity(identity);
      if (holder === undefined) return { type: "login-refused" };
      // Whoever heals has no token for a round of their own; a registration's is as good.
      const begun = request.password && registration.take(request.password.registrationId);
      if (request.password !== undefined && begun === undefined) return { type: "start-again" };
      const { userId } = holder;
      return apply({ userId, session: undefined }, request, begun?.credentialId, () =>
        judgeSecondFactor(userId, mfaCode, ip),
      );
    },
  };
}

function explain(
  outcome: Exclude<ChangeOutcome, { readonly type: "accepted" }>,
  { newest }: AccountView,
): ChangeCredentialsOutcome {
  switch (outcome.type) {
    // The very change that was applied before, sent again because its answer was lost.
    case "nothing-new":
      return { type: "changed", epoch: newest.epoch, session: undefined };
    case "rollback":
    case "fork":
    case "missing-link":
      return { type: "state-conflict", epoch: newest.epoch };
    case "head-moved":
      return outcome;
    case "forged":
    case "unlawful":
    case "wrong-account":
    case "wrong-host":
    case "unsupported-version":
    case "wrong-pieces":
      return { type: "refused-state", why: explainChange(outcome) };
  }
}

function headOf(heads: readonly StoredHead[], walletId: string): string | undefined {
  return heads.find((head) => head.walletId === walletId)?.hash;
}

function isBrought(
  wallets: readonly PushedRevisions[],
  walletId: string,
  closedAt: string | undefined,
): boolean {
  const brought = wallets.find((wallet) => wallet.walletId === walletId);
  return brought?.headers.some(({ body }) => hashText(body) === closedAt) ?? false;
}

function passwordSlot({ slots }: SecurityState): string | undefined {
  return slots.find(({ kind }) => kind === "password")?.slotId;
}

function closedWallets(before: SecurityState, after: SecurityState): readonly string[] {
  return after.wallets
    .filter(({ walletId, generation }) => {
      const known = before.wallets.find((wallet) => wallet.walletId === walletId);
      return known !== undefined && known.generation < generation;
    })
    .map(({ walletId }) => walletId);
}
