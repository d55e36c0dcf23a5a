import { ClientError } from "@holdfast/client";
import { WalletError } from "@holdfast/wallet/lbry";
import { CliError } from "./cli-error.ts";

export interface ErrorDescription {
  /** Stable, for scripts. */
  readonly code: string;
  /** One sentence or two: what happened, what it means for the wallet, what to do next. */
  readonly message: string;
  readonly exitCode: 1 | 2;
}

/** Puts any thrown error into words. An error nobody foresaw is called a fault of Holdfast's own. */
export function describeError(error: unknown): ErrorDescription {
  if (error instanceof CliError) {
    const isUsage = error.code === "usage" || error.code === "no-password";
    return { code: error.code, message: error.message, exitCode: isUsage ? 2 : 1 };
  }
  if (error instanceof WalletError || error instanceof ClientError) {
    return { code: error.code, message: error.message, exitCode: 1 };
  }
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    code: "unexpected",
    message: `Something went wrong inside Holdfast (${detail}). Please report it; HOLDFAST_DEBUG=1 shows where it happened.`,
    exitCode: 1,
  };
}
