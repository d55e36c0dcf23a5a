import { generationKeys, recoveryLookupId, recoveryWords, secretOf } from "../../index.ts";
import { encodeKeyring } from "../../keyring/keyring.ts";
import { signCertificate } from "../../wallet/sign-certificate.ts";
import { type Story, storyWallet } from "./sample-story.ts";
import { madeWith, toHex, type VectorCase, type VectorFile } from "./vector-file.ts";

/** States, slots and keyrings of one account's life. */
export function accountVectors({ steps, entropy }: Story): VectorFile {
  const states = steps.map(({ name, change, account }, at): VectorCase => ({
    name: `state ${at + 1}: ${name}`,
    kind: "state",
    identity: account.state.account.identity,
    body: change.state.body,
    signature: change.state.signature,
    ...(change.state.successorSignature !== undefined && {
      successor_signature: change.state.successorSignature,
    }),
    hash: account.state.hash,
    authority_seed_hex: toHex(account.keyring.authoritySeed.expose()),
  }));
  const slots = steps.flatMap(({ name, change, account, slots: made }) =>
    change.slots.map((text, at): VectorCase => ({
      name: `${made[at]?.kind ?? ""} slot: ${name}`,
      kind: "slot",
      text,
      input_hex: toHex(made[at]?.input ?? new Uint8Array(0)),
      identity: account.state.account.identity,
      nonce: account.state.account.nonce,
      account_key_hex: toHex(account.accountKey.expose()),
    })),
  );
  const keyrings = steps.flatMap(({ name, change, account }): readonly VectorCase[] =>
    change.keyring === undefined
      ? []
      : [
          {
            name: `keyring: ${name}`,
            kind: "keyring",
            text: change.keyring,
            identity: account.state.account.identity,
            nonce: account.state.account.nonce,
            account_key_hex: toHex(account.accountKey.expose()),
            keyring: Buffer.from(encodeKeyring(account.keyring)).toString("utf8"),
          },
        ],
  );
  const phrase: VectorCase = {
    name: "recovery phrase",
    kind: "recovery",
    entropy_hex: toHex(entropy.expose()),
    words: recoveryWords(entropy).join(" "),
    lookup_id: recoveryLookupId(entropy),
  };
  const cases = [...states, ...slots, ...keyrings, phrase];
  return { title: "An account's states, slots and keyrings", made_with: madeWith, cases };
}

/** Revisions and writer certificates of that account. */
export function revisionVectors({ steps, revisions }: Story): VectorFile {
  const [, , , renewed, rotated] = steps.map(({ account }) => account);
  if (renewed === undefined || rotated === undefined) throw new Error("the story is too short");
  const sealed = revisions.map(({ header, encryptedWallet }): VectorCase => {
    const secret = secretOf(rotated.keyring, storyWallet, header.generation);
    return {
      name: `revision ${header.sequence}`,
      kind: "revision",
      body: header.signed.body,
      signature: header.signed.signature,
      hash: header.hash,
      encrypted_wallet_hex: toHex(encryptedWallet),
      generation_secret_hex: toHex(secret.expose()),
      writer_key: generationKeys(secret).writerKey,
    };
  });
  const certificates = [renewed, rotated].map((account, at): VectorCase => {
    const certificate = signCertificate(account, storyWallet, at + 1);
    return {
      name: `certificate of generation ${at + 1}`,
      kind: "certificate",
      body: certificate.body,
      signature: certificate.signature,
      authority_key: account.state.authorityKey,
      generation_secret_hex: toHex(secretOf(account.keyring, storyWallet, at + 1).expose()),
    };
  });
  const cases = [...sealed, ...certificates];
  return { title: "Revisions and writer certificates", made_with: madeWith, cases };
}
