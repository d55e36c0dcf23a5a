/** How much of an answer is read (P4K-2): as much as an honest host may have to say, by operation. */
import { limits4, type OperationName4 } from "@holdfast/protocol/protocol-4";

const small = 256 * 1024;
/** All states, slots and the keyring of an account that changed its credentials thousands of times. */
const credentials = 16 * 1024 * 1024;
/** A revision of the largest size that is read, in base64url. */
const revision = 24 * 1024 * 1024;

const larger: Partial<Record<OperationName4, number>> = {
  finishSession: credentials,
  signatureSession: credentials,
  recover: credentials,
  getCredentials: credentials,
  getWallet: revision,
  getRevision: revision,
  // A conflict carries the newest revision.
  putWallet: revision,
  healWallet: revision,
  listRevisions: 2 * 1024 * 1024,
  getPairing: 2 * limits4.pairingBytes,
};

export function maxAnswerBytesOf(name: OperationName4): number {
  return larger[name] ?? small;
}
