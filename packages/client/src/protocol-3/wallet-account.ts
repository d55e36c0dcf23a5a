/**
 * An account of protocol 3 as the driver uses it: packing and HMAC, verification and unpacking (P3C-3, P3C-4, P3C-6, P3C-27), and the
 * host's answers in the engine's terms. What exactly was seen is kept for whoever explains it to a person.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { isLocked, packText, unpackBlob, WalletError } from "@holdfast/wallet/lbry";
import { protocol3Rules } from "../engine/index.ts";
import type {
  OpenOutcome,
  PasswordChangeOutcome,
  PushOutcome,
  RequestFailure,
  SealedRevision,
} from "../engine/index.ts";
import type { HostFailure, SessionEnded } from "../outcomes.ts";
import type { RandomBytes } from "../ports/random-bytes.ts";
import type { Scrypt } from "../ports/scrypt.ts";
import type { SyncAccount } from "../ports/sync-account.ts";
import type { Secret } from "../secret.ts";
import { newerKeys, olderKeys, type DerivedSecrets, type WalletKeys } from "./derive.ts";
import type { ChangePasswordAnswered, HostApi, Revision } from "./host-api.ts";
import { decodeRevisionText, encodeRevisionText, type LbryContent } from "./revision-text.ts";
import { isWalletHmac, walletHmac } from "./wallet-hmac.ts";

/** A password that is about to be set, with the salt seed and keys that come with it. */
export type NextKeys = { readonly saltSeed: string; readonly secrets: DerivedSecrets };

export type WalletAccountParts = {
  readonly host: HostApi;
  readonly email: string;
  readonly token: Secret;
  readonly saltSeed: string;
  readonly secrets: DerivedSecrets;
  /** null: no password change is under way */
  readonly nextKeys: NextKeys | null;
  /** Makes the new keys this device's own, durably, before the engine hears that the password was changed. */
  readonly adoptNextKeys: () => Promise<void>;
  /** Called with each wallet that was opened: a device keeps its wallet's own name (P3C-32). */
  readonly receive: (content: LbryContent) => LbryContent;
  readonly scrypt: Scrypt;
  readonly randomBytes: RandomBytes;
  /** stops requests, beside the driver's own signal */
  readonly signal: AbortSignal | undefined;
};

/** What a person may want to know beyond the engine's terms: the last answer of each kind that was not as hoped for. */
type Seen = {
  failure: HostFailure | SessionEnded | null;
  rejection: WalletError | null;
  passwordAnswer: ChangePasswordAnswered | null;
  sealFailure: unknown;
};

export type WalletAccount = SyncAccount<LbryContent> & { readonly seen: Readonly<Seen> };

export function createWalletAccount(parts: WalletAccountParts): WalletAccount {
  const { host, token, secrets, scrypt } = parts;
  const seen: Seen = { failure: null, rejection: null, passwordAnswer: null, sealFailure: null };
  const either = (signal: AbortSignal): AbortSignal =>
    parts.signal === undefined ? signal : AbortSignal.any([signal, parts.signal]);
  const failed = (failure: HostFailure | SessionEnded): RequestFailure => {
    seen.failure = failure;
    return requestFailure(failure);
  };

  const changePassword = async (
    revision: SealedRevision | null,
    signal: AbortSignal,
  ): Promise<PasswordChangeOutcome> => {
    const { email, nextKeys } = parts;
    if (nextKeys === null) throw new TypeError("a password change has its keys");
    const answer = await host.changePassword(
      {
        email,
        oldPassword: secrets.loginPassword,
        newPassword: nextKeys.secrets.loginPassword,
        saltSeed: nextKeys.saltSeed,
        revision: revision === null ? null : revisionOf(revision),
      },
      either(signal),
    );
    seen.passwordAnswer = answer;
    if (answer.type !== "changed") return passwordChangeOutcome(answer);
    await parts.adoptNextKeys();
    return { type: "changed", keyId: nextKeys.saltSeed };
  };

  return {
    rules: protocol3Rules,
    keyId: parts.saltSeed,
    seen,

    async fetchHead(_, signal) {
      const answer = await host.fetchWallet(token, either(signal));
      if (answer.type === "no-wallet") return { type: "empty" };
      if (answer.type !== "wallet") return failed(answer);
      return { type: "head", head: { revision: namedRevision(answer.revision) } };
    },

    async open({ revision }): Promise<OpenOutcome<LbryContent>> {
      const stored = revisionOf(revision);
      const keys = findKeys(stored, secrets);
      if (keys === null) return { type: "rejected", problem: "not-authentic" };
      try {
        const password = keys.walletPassword.reveal();
        const text = await unpackBlob(stored.encryptedWallet, password, { scrypt });
        const { content, line } = decodeRevisionText(text);
        return { type: "opened", content: parts.receive(content), line, epoch: 0 };
      } catch (error) {
        if (!(error instanceof WalletError)) throw error;
        seen.rejection = error;
        return { type: "rejected", problem: "undecodable" };
      }
    },

    async seal({ content, sequence, line, keys }) {
      try {
        const given = keys === "next" ? parts.nextKeys?.secrets : secrets;
        if (given === undefined) throw new TypeError("a password change has its keys");
        if (isLocked(content.document))
          throw new WalletError("wallet-locked", "The wallet is locked, so it cannot be packed.");
        return await sealRevision(given, encodeRevisionText(content, line), sequence, parts);
      } catch (error) {
        seen.sealFailure = error;
        throw error;
      }
    },

    async push(revision, signal): Promise<PushOutcome> {
      const answer = await host.pushWallet(token, revisionOf(revision), either(signal));
      switch (answer.type) {
        case "accepted":
        case "too-large":
          return answer;
        case "conflict":
          return answer.newest === null
            ? { type: "conflict" }
            : { type: "conflict", head: { revision: namedRevision(answer.newest) } };
        case "host-misbehaves":
        case "host-refused":
        case "host-failed":
        case "rate-limited":
        case "session-ended":
        case "unreachable":
        case "protocol-4-account":
          return failed(answer);
      }
    },

    changePassword,

    forgetKeys() {
      // The keys are the profile's, which outlives every session.
    },
  };
}

async function sealRevision(
  secrets: DerivedSecrets,
  text: string,
  sequence: number,
  { scrypt, randomBytes }: Pick<WalletAccountParts, "scrypt" | "randomBytes">,
): Promise<SealedRevision> {
  const { hmacKey, walletPassword } = newerKeys(secrets);
  const encryptedWallet = await packText(text, walletPassword.reveal(), {
    iv: randomBytes(16),
    scrypt,
  });
  const hmac = walletHmac(hmacKey, sequence, encryptedWallet);
  return namedRevision({ encryptedWallet, sequence, hmac });
}

/** The keys whose HMAC a revision carries, in whichever client's form; null: nobody with our password made it. */
function findKeys(revision: Revision, secrets: DerivedSecrets): WalletKeys | null {
  const forms = [newerKeys(secrets), olderKeys(secrets)];
  return forms.find(({ hmacKey }) => isWalletHmac(hmacKey, revision)) ?? null;
}

/** A revision as the engine names it: the name is made of all of its bytes. */
export function namedRevision({ sequence, encryptedWallet, hmac }: Revision): SealedRevision {
  const named = sha256(utf8ToBytes(`${sequence}:${hmac}:${encryptedWallet}`));
  return {
    sequence,
    hash: bytesToHex(named.subarray(0, 16)),
    payload: { encryptedWallet, hmac },
    sizeBytes: encryptedWallet.length,
  };
}

function revisionOf({ sequence, payload }: SealedRevision): Revision {
  const { encryptedWallet = "", hmac = "" } = payload;
  return { sequence, encryptedWallet, hmac };
}

function requestFailure(failure: HostFailure | SessionEnded): RequestFailure {
  switch (failure.type) {
    case "session-ended":
    case "protocol-4-account":
      return { type: "unauthorized" };
    case "rate-limited":
      return { type: "busy", retryAfterMs: (failure.retryAfterSeconds ?? 0) * 1000 };
    case "unreachable":
    case "host-failed":
      return { type: "unreachable" };
    case "host-refused":
    case "host-misbehaves":
      return { type: "garbled" };
  }
}

function passwordChangeOutcome(
  answer: Exclude<ChangePasswordAnswered, { readonly type: "changed" }>,
): PasswordChangeOutcome {
  switch (answer.type) {
    case "conflict":
    case "too-large":
      return answer;
    case "credentials-refused":
    case "not-verified":
    case "host-refused":
    case "rate-limited":
    case "protocol-4-account":
      return { type: "refused" };
    case "unreachable":
    case "host-failed":
    case "host-misbehaves":
      return { type: "unknown" };
  }
}
