/**
 * Accounts of protocol 4 for a wallet client. The accountKey lives in memory only, or in the device's memory under a passcode;
 * what else is remembered lets the phrase and the passcode open the wallet without any host.
 */
import type { RecoveryEntropy, WalletId } from "@holdfast/crypto";
import { isSameAccountId } from "@holdfast/protocol/protocol-4";
import type { Content, WalletFormat } from "@holdfast/wallet/merge";
import { ClientError } from "../../client-error.ts";
import { protocol4Rules } from "../../engine/index.ts";
import type {
  AccountSource,
  OpenAccountOutcome,
  UnlockContext,
} from "../../ports/account-source.ts";
import { logInAgain, logInByPassword } from "../account/log-in-password.ts";
import {
  logInByPhrase,
  type PhraseLogInOutcome,
  unlockByPhrase,
} from "../account/log-in-phrase.ts";
import { unlockByPasscode } from "../account/passcode.ts";
import { register, type RegisterOutcome4 } from "../account/register.ts";
import type { OpenSocket4 } from "../events/open-socket.ts";
import type { AccountPorts, AccountStore } from "../record/account-ports.ts";
import { parseAccountRecord } from "../record/account-record.ts";
import { HeldAccount } from "../record/held-account.ts";
import type { ContactFailure } from "../sync/problem-of.ts";
import { openAccount4, ownerOf } from "./open-account.ts";

/** What a person knows or has. */
export type Credentials4 =
  | {
      readonly type: "password";
      readonly id: string;
      readonly password: string;
      readonly mfaCode?: string;
    }
  | {
      readonly type: "register";
      readonly id: string;
      readonly password: string;
      readonly phrase?: RecoveryEntropy;
    }
  | { readonly type: "phrase"; readonly phrase: RecoveryEntropy }
  | { readonly type: "passcode"; readonly passcode: string };

export type Protocol4SourceParts<Document> = Omit<AccountPorts, "store"> & {
  readonly host: URL;
  readonly deviceName: string;
  readonly format: WalletFormat<Document>;
  readonly openSocket: OpenSocket4;
  /** default: the main one */
  readonly walletId?: WalletId;
  /** Where histories lie, to heal a host with; without it they last as long as the client. */
  readonly histories?: Pick<AccountStore, "loadWallet" | "saveWallet">;
  /** Hears exactly what a host did or why nothing came of a request. */
  readonly onReport?: (report: ContactFailure) => void;
  /** Hears of the account as soon as it is open: for everything beside the wallet. */
  readonly onAccount?: (account: HeldAccount) => void;
};

export function createProtocol4Source<Document>(
  parts: Protocol4SourceParts<Document>,
): AccountSource<Content<Document>, Credentials4> {
  const histories = parts.histories ?? historiesInMemory();
  return {
    rules: protocol4Rules,
    async unlock(credentials, context) {
      const ports: AccountPorts = {
        ...parts,
        store: {
          ...histories,
          async saveAccount(text) {
            const saved = await context.memory.save(text);
            if (saved.type !== "saved") throw new ClientError("storage-failed", saved.detail);
          },
        },
      };
      const { text } = context.memory;
      const read = text === null ? null : parseAccountRecord(text);
      if (read?.type === "damaged") return { type: "memory-failed", detail: read.detail };
      const known = read === null ? null : new HeldAccount(ports, read.record);
      try {
        const outcome = await unlock(parts, ports, credentials, known, context);
        if (!(outcome instanceof HeldAccount)) return outcome;
        parts.onAccount?.(outcome);
        return { type: "unlocked", account: openWallet(parts, outcome) };
      } catch (error) {
        if (error instanceof ClientError) return { type: "memory-failed", detail: error.message };
        throw error;
      }
    },
  };
}

function openWallet<Document>(parts: Protocol4SourceParts<Document>, account: HeldAccount) {
  const { format, openSocket, onReport, walletId = "default" as WalletId } = parts;
  return openAccount4({ account, walletId, format, openSocket, ...(onReport && { onReport }) });
}

type Unlocked<Document> =
  HeldAccount | Exclude<OpenAccountOutcome<Content<Document>>, { readonly type: "unlocked" }>;

async function unlock<Document>(
  { host, deviceName }: Protocol4SourceParts<Document>,
  ports: AccountPorts,
  credentials: Credentials4,
  known: HeldAccount | null,
  { signal }: UnlockContext,
): Promise<Unlocked<Document>> {
  const keep = "in-memory";
  switch (credentials.type) {
    case "password": {
      const { id, password, mfaCode } = credentials;
      if (known !== null && !isSameAccountId(known.record.id, id))
        return { type: "another-account", owner: ownerOf(known) };
      const typed = { password, signal, ...(mfaCode !== undefined && { mfaCode }) };
      return judgeLogIn(
        known === null
          ? await logInByPassword(ports, { host, id, deviceName, keep, ...typed })
          : await logInAgain(known, typed),
      );
    }
    case "register": {
      if (known !== null) return { type: "another-account", owner: ownerOf(known) };
      const { type: _, ...input } = credentials;
      return judgeRegistration(await register(ports, { host, deviceName, keep, signal, ...input }));
    }
    case "phrase": {
      const { phrase } = credentials;
      const input = { host, phrase, deviceName, keep, signal } as const;
      const outcome = await logInByPhrase(ports, known === null ? input : { ...input, known });
      if (outcome.type !== "unreachable" || known === null) return judgeLogIn(outcome);
      const offline = unlockByPhrase(known, phrase);
      return offline.type === "unlocked" ? known : refused("the words open nothing here");
    }
    case "passcode": {
      if (known === null) return refused("no passcode is set on this device");
      const outcome = await unlockByPasscode(known, credentials.passcode);
      return outcome.type === "unlocked" ? known : refused(outcome.type);
    }
  }
}

function judgeLogIn<Document>(outcome: PhraseLogInOutcome): Unlocked<Document> {
  switch (outcome.type) {
    case "logged-in":
      return outcome.account;
    case "login-refused":
    case "mfa-required":
    case "mfa-refused":
    case "credentials-changed":
      return refused(outcome.type);
    case "unknown-recovery":
      return { type: "unknown-account" };
    case "unsupported-version":
      return { type: "host-refused", detail: "the account needs a newer version of this app" };
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return judgeFailure(outcome);
  }
}

function judgeRegistration<Document>(outcome: RegisterOutcome4): Unlocked<Document> {
  switch (outcome.type) {
    case "registered":
      return outcome.account;
    case "code-mailed":
      return { type: "not-verified" };
    case "id-taken":
      return { type: "address-taken" };
    case "not-invited":
    case "mail-failed":
      return { type: "host-refused", detail: outcome.type };
    case "not-registered":
      return { type: "host-refused", detail: outcome.detail };
    case "unsettled":
      return judgeFailure(outcome.failure);
    case "unreachable":
    case "host-misbehaves":
    case "host-failed":
    case "host-refused":
    case "rate-limited":
      return judgeFailure(outcome);
  }
}

function judgeFailure<Document>(
  failure: Extract<
    ContactFailure,
    {
      readonly type:
        "unreachable" | "host-misbehaves" | "host-failed" | "host-refused" | "rate-limited";
    }
  >,
): Unlocked<Document> {
  switch (failure.type) {
    case "unreachable":
      return { type: "unreachable", detail: failure.detail };
    case "rate-limited":
      return { type: "busy", retryAfterMs: (failure.retryAfterSeconds ?? 0) * 1000 };
    case "host-failed":
      return { type: "busy", retryAfterMs: 0 };
    case "host-refused":
    case "host-misbehaves":
      return { type: "host-refused", detail: failure.detail };
  }
}

function refused(detail: string) {
  return { type: "credentials-refused", detail } as const;
}

function historiesInMemory(): Pick<AccountStore, "loadWallet" | "saveWallet"> {
  const texts = new Map<string, string>();
  return {
    loadWallet: async (walletId) => await Promise.resolve(texts.get(walletId) ?? null),
    async saveWallet(walletId, text) {
      texts.set(walletId, text);
      await Promise.resolve();
    },
  };
}
