import { encodeBase64url, encodeInvitation } from "../../index.ts";
import { canonicalBytes } from "../../canonical/canonical-json.ts";
import { encodePayload } from "../../pairing/pairing-payload.ts";
import { headOf } from "../../revision/header.ts";
import { domain } from "../second-path/sealed-box.ts";
import { sealHpke } from "../second-path/hpke.ts";
import { protocol4Stretching, registerOpaque, setupOf } from "../second-path/opaque.ts";
import { seededBytes } from "../second-path/seeded-bytes.ts";
import { x25519 } from "@noble/curves/ed25519.js";
import { type Story, storyHost, storyWallet } from "./sample-story.ts";
import { madeWith, toHex, type VectorFile } from "./vector-file.ts";

/** A pairing message. HPKE's sender draws its own randomness, so the second path seals it, with a fixed ephemeral key. */
export function pairingVectors({ steps, revisions }: Story): VectorFile {
  const account = steps.at(-1)?.account;
  const newest = revisions.at(-1)?.header;
  if (account === undefined || newest === undefined) throw new Error("the story is too short");
  const random = seededBytes("holdfast protocol 4 pairing");
  const recipient = random(32);
  const ephemeral = random(32);
  const invitation = {
    v: 4,
    host: storyHost,
    pairingId: encodeBase64url(random(16)),
    publicKey: encodeBase64url(x25519.getPublicKey(recipient)),
    secret: encodeBase64url(random(32)),
    deviceName: "Ann’s phone",
  } as const;
  const payload = encodePayload({
    id: "ann@example.org",
    account,
    states: steps.map((step) => step.account.state),
    heads: [{ walletId: storyWallet, ...headOf(newest) }],
  });
  const { secret, ...bound } = invitation;
  const context = {
    aeadId: 2,
    info: domain("pairing", Buffer.from(canonicalBytes(bound)).toString("utf8")),
    psk: Buffer.from(secret, "base64url"),
    pskId: Buffer.from(invitation.pairingId),
    aad: Buffer.alloc(0),
  } as const;
  const { encapsulated, ciphertext } = sealHpke(ephemeral, x25519.getPublicKey(recipient), context, payload);
  const cases = [
    {
      name: "a pairing",
      kind: "pairing",
      invitation: encodeInvitation(invitation),
      recipient_private_hex: toHex(recipient),
      ephemeral_private_hex: toHex(ephemeral),
      message: encodeBase64url(Buffer.concat([encapsulated, ciphertext])),
      payload: Buffer.from(payload).toString("utf8"),
    },
  ];
  return { title: "A pairing", made_with: madeWith, cases };
}

/** An OPAQUE registration. The library draws its own randomness, so the second path makes it; the library has to log in with it. */
export function opaqueVectors(): VectorFile {
  const random = seededBytes("holdfast protocol 4 opaque");
  const oprfSeed = random(64);
  const { setup, serverPublic } = setupOf(oprfSeed, random(32), random(32));
  const credentialId = encodeBase64url(random(32));
  const password = "correct horse battery stäple";
  const envelopeNonce = random(32);
  const { record, exportKey } = registerOpaque({
    oprfSeed,
    credentialId: Buffer.from(credentialId),
    serverPublic,
    password: Buffer.from(password.normalize("NFKC")),
    envelopeNonce,
    stretch: protocol4Stretching,
  });
  const cases = [
    {
      name: "a registration",
      kind: "opaque",
      setup_hex: toHex(setup),
      credential_id: credentialId,
      password,
      record_hex: toHex(record),
      export_key_hex: toHex(exportKey),
    },
  ];
  return { title: "An OPAQUE registration", made_with: madeWith, cases };
}
