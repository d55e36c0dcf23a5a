/**
 * What the main thread asks of the writer, as plain data that can cross threads, and what comes back. Each command is
 * one transaction's worth: its compare-and-set and all its changes, or none of them.
 */
import type {
  ChangePasswordOutcome,
  CreateAccountOutcome,
  NewAccount,
} from "../../accounts/account-store.ts";
import type { CreateSessionOutcome, NewSession } from "../../sessions/session-store.ts";
import type { AddTokenOutcome, RedeemOutcome } from "../../verification/verification-store.ts";
import type { ReplaceWalletOutcome } from "../../wallets/wallet-store.ts";
import type { Command4, CommandOutcomes4 } from "./protocol-4/commands.ts";

/** A wallet as a row: its sequence and its body, ready to send. */
export interface WalletRow {
  readonly sequence: number;
  readonly body: Uint8Array;
}

/** An outcome as it crosses threads: a wallet that the main thread sent does not travel back. */
type AcrossThreads<Outcome extends { readonly type: string }> = Outcome extends {
  readonly type: "replaced" | "changed";
}
  ? { readonly type: Outcome["type"] }
  : Outcome extends { readonly current: infer Wallet }
    ? {
        readonly type: Outcome["type"];
        readonly current: WalletRow | Extract<Wallet, undefined>;
      }
    : Outcome;

export type Command =
  | Command4
  | { readonly type: "create-account"; readonly account: NewAccount; readonly emailKey: string }
  | {
      readonly type: "change-password";
      readonly userId: number;
      readonly credentialVersion: number;
      readonly passwordHash: string;
      readonly clientSaltSeed: string;
      readonly wallet: WalletRow | undefined;
    }
  | { readonly type: "create-session"; readonly session: NewSession }
  | {
      readonly type: "replace-wallet";
      readonly userId: number;
      readonly tokenHash: string;
      readonly nowMs: number;
      readonly wallet: WalletRow;
    }
  | {
      readonly type: "add-verification-token";
      readonly userId: number;
      readonly tokenHash: string;
      readonly expiresAtMs: number;
    }
  | {
      readonly type: "redeem-verification-token";
      readonly tokenHash: string;
      readonly nowMs: number;
    }
  | { readonly type: "remove-expired-sessions"; readonly nowMs: number }
  | { readonly type: "remove-expired-verification-tokens"; readonly nowMs: number }
  /** Changes nothing: shows that writes get through. */
  | { readonly type: "check" };

export interface CommandOutcomes extends CommandOutcomes4 {
  readonly "create-account": CreateAccountOutcome;
  readonly "change-password": AcrossThreads<ChangePasswordOutcome>;
  readonly "create-session": CreateSessionOutcome;
  readonly "replace-wallet": AcrossThreads<ReplaceWalletOutcome>;
  readonly "add-verification-token": AddTokenOutcome;
  readonly "redeem-verification-token": RedeemOutcome;
  readonly "remove-expired-sessions": number;
  readonly "remove-expired-verification-tokens": number;
  readonly check: null;
}

export type CommandOf<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** One command's result within a group that was committed. */
export type CommandResult =
  | { readonly type: "done"; readonly outcome: CommandOutcomes[Command["type"]] }
  | { readonly type: "failed"; readonly reason: string };

/** Main thread to writer. `close` is the last message. */
export type WriterRequest =
  { readonly type: "group"; readonly commands: readonly Command[] } | { readonly type: "close" };

/** Writer to main thread: `ready` once, then one answer per group, in order; `closed` last. */
export type WriterAnswer =
  | { readonly type: "ready" }
  /** Results in the order of the commands; all of it is on disk. */
  | { readonly type: "committed"; readonly results: readonly CommandResult[] }
  /** Nothing of the group was kept. */
  | { readonly type: "not-committed"; readonly reason: string }
  | { readonly type: "closed" };
