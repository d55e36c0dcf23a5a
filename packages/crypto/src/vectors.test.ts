import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { x25519 } from "@noble/curves/ed25519.js";
import * as hpke from "hpke";
import { describe, expect, it } from "vitest";
import { readVectors } from "@holdfast/testing";
import { encodeCanonical, parseCanonical } from "./canonical/canonical-json.ts";
import {
  generationKeys,
  loadOpaqueClient,
  loadOpaqueServer,
  openPairing,
  openRevision,
  openSlot,
  parseInvitation,
  parseOpaqueSetup,
  parseRecoveryPhrase,
  passkeySlotKey,
  passwordSlotKey,
  recoverySlotKey,
  recoveryWords,
  type RevisionContent,
  Secret,
  type SignedState,
  trustStoredHeader,
  unlockAccount,
  verifyStates,
} from "./index.ts";
import { recipientKeys } from "./pairing/hpke-suite.ts";
import { canonical } from "./testing/second-path/canonical.ts";
import {
  type AccountNames,
  derive,
  isSigned,
  openKeyringText,
  openRevisionText,
  openSlotText,
  sha256,
} from "./testing/second-path/check-account.ts";
import { openHpke, sealHpke } from "./testing/second-path/hpke.ts";
import { registerOpaque } from "./testing/second-path/opaque.ts";
import { domain, openXChaCha, sealXChaCha } from "./testing/second-path/sealed-box.ts";
import { codeOf } from "./testing/error-code.ts";
import { sampleHost } from "./testing/sample-account.ts";
import { allVectors } from "./testing/vectors/all-vectors.ts";
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js";

type Texts = Readonly<Record<string, string>>;
const read = <Case = Texts>(file: string, kind: string) =>
  readVectors<Case>(`protocol-4/${file}`, kind);
const hex = (text = ""): Buffer => Buffer.from(text, "hex");
const bytes = (text = ""): Buffer => Buffer.from(text, "base64url");

describe("the committed vectors", () => {
  it("[P4C-81] are what the generator writes", () => {
    for (const [name, text] of allVectors()) {
      const file = new URL(`../../../vectors/protocol-4/${name}`, import.meta.url);
      expect(readFileSync(file, "utf8")).toBe(text);
    }
  });
});

describe("published vectors", () => {
  it("[P4C-8] [P4C-82] XChaCha20-Poly1305: the library and the second path give what the draft prints", () => {
    const [vector = {}] = read("published", "xchacha20-poly1305");
    const [key, nonce, aad] = [
      hex(vector["key_hex"]),
      hex(vector["nonce_hex"]),
      hex(vector["aad_hex"]),
    ];
    const plaintext = Buffer.from(vector["plaintext"] ?? "");
    const sealed = hex(vector["sealed_hex"]);
    expect(Buffer.from(xchacha20poly1305(key, nonce, aad).encrypt(plaintext))).toEqual(sealed);
    expect(sealXChaCha(key, nonce, plaintext, aad)).toEqual(Buffer.concat([nonce, sealed]));
    expect(openXChaCha(key, Buffer.concat([nonce, sealed]), aad)).toEqual(plaintext);
  });

  it("[P4C-66] [P4C-82] HPKE in PSK mode: the library and the second path open what RFC 9180 prints", async () => {
    const [vector = {}] = read("published", "hpke-psk");
    const [info, psk, pskId, aad] = ["info_hex", "psk_hex", "psk_id_hex", "aad_hex"].map((name) =>
      hex(vector[name]),
    ) as [Buffer, Buffer, Buffer, Buffer];
    const [encapsulated, ciphertext] = [
      hex(vector["encapsulated_hex"]),
      hex(vector["ciphertext_hex"]),
    ];
    const recipient = hex(vector["recipient_private_hex"]);
    const plaintext = hex(vector["plaintext_hex"]);
    const context = { aeadId: 1, info, psk, pskId, aad } as const;
    const made = sealHpke(
      hex(vector["ephemeral_private_hex"]),
      hex(vector["recipient_public_hex"]),
      context,
      plaintext,
    );
    expect(made).toEqual({ encapsulated, ciphertext });
    expect(openHpke(recipient, encapsulated, context, ciphertext)).toEqual(plaintext);

    const suite = new hpke.CipherSuite(
      hpke.KEM_DHKEM_X25519_HKDF_SHA256,
      hpke.KDF_HKDF_SHA256,
      hpke.AEAD_AES_128_GCM,
    );
    const keys = await recipientKeys(recipient);
    const opened = await suite.Open(keys, encapsulated, ciphertext, { info, psk, pskId, aad });
    expect(Buffer.from(opened)).toEqual(plaintext);
  });

  it("[P4C-82] OPAQUE: the second path makes the record and the export key that RFC 9807 prints", () => {
    const [vector = {}] = read("published", "opaque-registration");
    const made = registerOpaque({
      oprfSeed: hex(vector["oprf_seed_hex"]),
      credentialId: hex(vector["credential_id_hex"]),
      serverPublic: hex(vector["server_public_hex"]),
      password: hex(vector["password_hex"]),
      envelopeNonce: hex(vector["envelope_nonce_hex"]),
      stretch: (input) => input,
    });
    expect(made.record.toString("hex")).toBe(vector["record_hex"]);
    expect(made.exportKey.toString("hex")).toBe(vector["export_key_hex"]);
  });

  it("[P4C-21] [P4C-82] BIP-39: bits and words fit each other", () => {
    for (const { entropy_hex = "", words = "" } of read("published", "bip39")) {
      const entropy = new Secret("recovery-entropy", hex(entropy_hex));
      expect(recoveryWords(entropy).join(" ")).toBe(words);
      const outcome = parseRecoveryPhrase(words);
      expect(outcome.type === "phrase" && Buffer.from(outcome.entropy.expose())).toEqual(
        hex(entropy_hex),
      );
    }
  });

  it("[P4C-1] [P4C-82] RFC 8785: properties come in the printed order", () => {
    interface Case {
      readonly json: string;
      readonly values_in_order: readonly string[];
    }
    const [vector] = read<Case>("published", "canonical");
    const value = JSON.parse(vector?.json ?? "") as Record<string, string>;
    const text = encodeCanonical(value);
    const order = [...(vector?.values_in_order ?? [])].sort(
      (a, b) => text.indexOf(a) - text.indexOf(b),
    );
    expect(order).toEqual(vector?.values_in_order);
    expect(canonical(value)).toBe(text);
  });
});

describe("the second path", () => {
  const states = read("account", "state");
  const [first = {}] = states;
  const account: AccountNames = {
    identity: first["identity"] ?? "",
    nonce: (JSON.parse(first["body"] ?? "") as Texts)["nonce"] ?? "",
  };

  it("[P4C-1] [P4C-82] writes the same canonical texts", () => {
    for (const { value, text } of read<{ value: unknown; text: string }>(
      "canonical",
      "canonical",
    )) {
      expect(canonical(value)).toBe(text);
      expect(codeOf(() => parseCanonical(text, 1000))).toBe("none");
    }
    for (const { text = "" } of read("canonical", "refused")) {
      expect(codeOf(() => parseCanonical(text, 1000))).toBe("malformed");
    }
  });

  it("[P4C-31] [P4C-32] [P4C-82] verifies every state: hash, parent, identity and signatures", () => {
    let parent: { hash: string; key: string } | undefined;
    for (const { body = "", signature = "", hash = "", successor_signature: successor } of states) {
      const fields = JSON.parse(body) as Texts;
      const own = fields["authorityKey"] ?? "";
      expect(canonical(fields)).toBe(body);
      expect(sha256(body)).toBe(hash);
      expect(fields["parent"]).toBe(parent?.hash);
      expect(isSigned("state", body, signature, parent?.key ?? own)).toBe(true);
      expect(successor === undefined).toBe(parent === undefined || parent.key === own);
      expect(successor === undefined || isSigned("state-successor", body, successor, own)).toBe(
        true,
      );
      parent = { hash, key: own };
    }
    expect(sha256(first["body"] ?? "")).toBe(account.identity);
    expect(
      states.filter(({ successor_signature }) => successor_signature !== undefined),
    ).toHaveLength(1);
  });

  it("[P4C-5] [P4C-23] [P4C-82] opens every slot and every keyring", () => {
    for (const { text = "", input_hex, account_key_hex } of read("account", "slot")) {
      expect(openSlotText(text, hex(input_hex), account)).toEqual(hex(account_key_hex));
    }
    for (const { text = "", account_key_hex, keyring } of read("account", "keyring")) {
      expect(openKeyringText(text, hex(account_key_hex), account)).toBe(keyring);
    }
  });

  it("[P4C-23] [P4C-36] [P4C-82] finds every slot and keyring named by hash in its state", () => {
    const named = states.flatMap(({ body = "" }) => {
      const { slots, keyringHash } = JSON.parse(body) as { slots: Texts[]; keyringHash: string };
      return [keyringHash, ...slots.map(({ hash }) => hash)];
    });
    const pieces = [...read("account", "slot"), ...read("account", "keyring")];
    expect(pieces.filter(({ text = "" }) => !named.includes(sha256(text)))).toEqual([]);
  });

  it("[P4C-21] [P4C-82] derives the recovery look-up id", () => {
    const [{ entropy_hex, lookup_id } = {}] = read("account", "recovery");
    expect(derive(hex(entropy_hex), "recovery-lookup").toString("base64url")).toBe(lookup_id);
  });

  it("[P4C-51] [P4C-52] [P4C-53] [P4C-82] verifies and opens every revision", () => {
    const opened = read("revisions", "revision").map(
      ({
        body = "",
        signature = "",
        hash,
        encrypted_wallet_hex,
        generation_secret_hex,
        writer_key = "",
      }) => {
        const wallet = hex(encrypted_wallet_hex);
        expect(sha256(body)).toBe(hash);
        expect(isSigned("header", body, signature, writer_key)).toBe(true);
        expect((JSON.parse(body) as Texts)["encryptedWalletHash"]).toBe(sha256(wallet));
        const content = JSON.parse(
          openRevisionText(body, wallet, hex(generation_secret_hex)),
        ) as Texts;
        return (JSON.parse(content["document"] ?? "") as Texts)["text"];
      },
    );
    expect(opened).toEqual(["one", "zwei €", "three"]);
  });

  it("[P4C-40] [P4C-41] [P4C-50] [P4C-82] verifies certificates, requests and logins", () => {
    const statements = [
      ...read("revisions", "certificate").map((one) => ({ type: "certificate", ...one })),
      ...read("statements", "request").map((one) => ({ type: "request", ...one })),
      ...read("statements", "login").map((one) => ({ type: "login", ...one })),
    ] as readonly Texts[];
    for (const { type = "", body = "", signature = "", authority_key = "" } of statements) {
      expect(canonical(JSON.parse(body))).toBe(body);
      expect(isSigned(type, body, signature, authority_key)).toBe(true);
    }
    expect(statements).toHaveLength(4);
  });

  it("[P4C-60] [P4C-82] computes every fingerprint's code", () => {
    const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    for (const { type = "", body = "", code } of read("statements", "fingerprint")) {
      const digest = createHash("sha256").update(domain(type, body)).digest();
      const bits = BigInt(`0x${digest.subarray(0, 10).toString("hex")}`);
      const all = Array.from(
        { length: 16 },
        (_, at) => letters[Number((bits >> BigInt(75 - 5 * at)) & 31n)],
      );
      const groups = [0, 4, 8, 12].map((from) => all.slice(from, from + 4).join(""));
      expect(groups.join("-")).toBe(code);
    }
  });

  it("[P4C-66] [P4C-82] opens the pairing message", () => {
    const [vector = {}] = read("pairing", "pairing");
    const { secret, ...bound } = parseInvitation(vector["invitation"] ?? "");
    const message = bytes(vector["message"]);
    const context = {
      aeadId: 2,
      info: domain("pairing", canonical(bound)),
      psk: bytes(secret),
      pskId: Buffer.from(bound.pairingId),
      aad: Buffer.alloc(0),
    } as const;
    const recipient = hex(vector["recipient_private_hex"]);
    const opened = openHpke(recipient, message.subarray(0, 32), context, message.subarray(32));
    expect(opened.toString("utf8")).toBe(vector["payload"]);
  });
});

describe("the package", () => {
  it("[P4C-34] [P4C-82] verifies the vectors' states and opens their slots, keyrings and revisions", () => {
    const received = read("account", "state").map(
      ({ body = "", signature = "", successor_signature: successorSignature }): SignedState =>
        successorSignature === undefined
          ? { body, signature }
          : { body, signature, successorSignature },
    );
    const outcome = verifyStates({ received, host: sampleHost });
    if (outcome.type !== "verified") throw new Error(outcome.type);

    const byEpoch = (text: string) =>
      outcome.fresh[(JSON.parse(text) as { epoch: number }).epoch - 1]!;
    for (const { text = "", input_hex, account_key_hex } of read("account", "slot")) {
      const state = byEpoch(text);
      const kind = state.slots.find(({ hash }) => hash === sha256(text))?.kind;
      const keys = {
        password: () => passwordSlotKey(new Secret("root-key", hex(input_hex))),
        recovery: () => recoverySlotKey(new Secret("recovery-entropy", hex(input_hex))),
        passkey: () => passkeySlotKey(new Secret("prf-output", hex(input_hex))),
      };
      const opened = openSlot(text, keys[kind ?? "password"](), state).expose();
      expect(Buffer.from(opened)).toEqual(hex(account_key_hex));
    }
    for (const { text = "", account_key_hex } of read("account", "keyring")) {
      const key = new Secret("account-key", hex(account_key_hex));
      expect(codeOf(() => unlockAccount(byEpoch(text), key, text))).toBe("none");
    }
    for (const { body = "", signature = "", encrypted_wallet_hex, generation_secret_hex } of read(
      "revisions",
      "revision",
    )) {
      const { walletKey } = generationKeys(
        new Secret("generation-secret", hex(generation_secret_hex)),
      );
      const header = trustStoredHeader({ body, signature });
      const content: RevisionContent = openRevision(header, hex(encrypted_wallet_hex), walletKey);
      expect(content.format).toBe("json");
    }
  });

  it("[P4C-67] [P4C-82] opens the vectors' pairing message", async () => {
    const [vector = {}] = read("pairing", "pairing");
    const invitation = parseInvitation(vector["invitation"] ?? "");
    const recipient = hex(vector["recipient_private_hex"]);
    expect(Buffer.from(x25519.getPublicKey(recipient))).toEqual(bytes(invitation.publicKey));
    const pairing = { invitation, keys: await recipientKeys(recipient) };
    const paired = await openPairing(pairing, vector["message"] ?? "");
    expect(paired.id).toBe("ann@example.org");
    expect(paired.account.state.epoch).toBe(5);
  });

  it("[P4C-70] [P4C-71] [P4C-82] logs in with a registration that the second path made, and gets its export key", async () => {
    const [vector = {}] = read("opaque", "opaque");
    const { credential_id: credentialId = "", password = "" } = vector;
    const setup = parseOpaqueSetup(hex(vector["setup_hex"]).toString("base64url"));
    const server = await loadOpaqueServer(setup);
    const client = await loadOpaqueClient();
    const round = client.startLogin(password);
    const record = hex(vector["record_hex"]).toString("base64url");
    const answer = server.answerLogin("ann@example.org", { credentialId, record }, round.request);
    const outcome = client.finishLogin(password, round, answer.response, sampleHost);
    if (outcome.type !== "opened") throw new Error("the password was refused");
    expect(Buffer.from(outcome.rootKey.expose()).toString("hex")).toBe(vector["export_key_hex"]);
    expect(server.finishLogin(answer.state, outcome.finish, sampleHost)).toBe(true);
  });
});
