/**
 * What an account's sealed things are bound to (P4C-23): the identity, which is the hash of the first state; and, for what
 * that first state itself names by hash, the random nonce that it carries, because its hash does not exist yet.
 */
import type { Hash } from "../identifiers.ts";

/** An account's name for ever, on every host. */
export interface AccountContext {
  readonly identity: Hash;
  /** 32 random bytes of the first state, base64url. */
  readonly nonce: string;
}

export type AccountBinding = { readonly nonce: string } | { readonly identity: Hash };

/** The binding of a thing that the state of `epoch` named first. */
export function bindingAt(epoch: number, account: AccountContext): AccountBinding {
  return epoch === 1 ? { nonce: account.nonce } : { identity: account.identity };
}
