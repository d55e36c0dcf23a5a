/**
 * What somebody can make who once had an account's keys: a second history beside the one that a device has seen, or revisions
 * under keys that were closed. With a hostile host they share it; the keys of today they do not have.
 */
import {
  changeCredentials,
  encodeBase64url,
  generationKeys,
  type Head,
  sealRevision,
  secretOf,
  type SignedState,
  type UnlockedAccount,
  type WalletId,
} from "@holdfast/crypto";
import { createJsonFormat, parseJson } from "@holdfast/wallet/json";
import { splitContent } from "@holdfast/wallet/merge";

const format = createJsonFormat({ name: "notes" });
const theft = splitContent(format, format.contentOf(parseJson('{"stolen":9}')));
const systemRandomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));

/** Another state in the place of the account's next one, properly signed. */
export function otherNextState(account: UnlockedAccount): {
  readonly state: SignedState;
  readonly keyring: string;
} {
  const { change, account: after } = changeCredentials(
    account,
    { addWallets: [`counterfeit ${encodeBase64url(systemRandomBytes(4))}`] },
    { random: systemRandomBytes, savedAt: 1 },
  );
  return { state: change.state, keyring: after.sealedKeyring };
}

/** A revision of notes that follows `head`, sealed and signed with keys of one generation. */
export function revisionAfter(
  account: UnlockedAccount,
  head: Head | undefined,
  { generation = 1, walletId = "default" as WalletId, document = theft.document } = {},
) {
  const { header, encryptedWallet } = sealRevision(
    {
      identity: account.state.account.identity,
      walletId,
      ...(head !== undefined && { head }),
      generation,
      epoch: head?.epoch ?? account.state.epoch,
      deviceId: "counterfeit",
      savedAt: 1,
      content: { format: format.name, ...theft, document },
      keys: generationKeys(secretOf(account.keyring, walletId, generation)),
    },
    systemRandomBytes,
  );
  return {
    hash: header.hash,
    revision: { header: header.signed, encryptedWallet: encodeBase64url(encryptedWallet) },
  };
}
