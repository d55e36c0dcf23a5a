import { encodeCanonical, parseCanonical } from "../../canonical/canonical-json.ts";
import {
  hashBytes,
  headFingerprint,
  headOf,
  identityFingerprint,
  signLogin,
  signRequest,
  viewFingerprint,
} from "../../index.ts";
import { loginText } from "../../request/login-statement.ts";
import { requestText } from "../../request/authority-request.ts";
import { describePicture } from "../../fingerprint/picture.ts";
import { seededBytes } from "../second-path/seeded-bytes.ts";
import { type Story, storyHost, storyWallet } from "./sample-story.ts";
import { madeWith, type VectorCase, type VectorFile } from "./vector-file.ts";

/** Requests, logins and fingerprints of the story's account. */
export function statementVectors({ steps, revisions }: Story): VectorFile {
  const account = steps.at(-1)?.account;
  const newest = revisions.at(-1)?.header;
  if (account === undefined || newest === undefined) throw new Error("the story is too short");
  const random = seededBytes("holdfast protocol 4 statements");
  const { identity } = account.state.account;
  const { authorityKey } = account.state;
  const seed = account.keyring.authoritySeed;
  const nonce = () => Buffer.from(random(32)).toString("base64url");
  const request = {
    identity,
    host: storyHost,
    action: "DELETE /sessions/abc",
    bodyHash: hashBytes(new Uint8Array(0)),
    nonce: nonce(),
  };
  const login = {
    hostOrigin: storyHost,
    identity,
    deviceId: "device-1",
    purpose: "session",
    nonce: nonce(),
    expiresAt: 1_795_000_060_000,
  } as const;
  const head = { walletId: storyWallet, ...headOf(newest) };
  const prints = {
    identity: [{ identity }, identityFingerprint(identity)],
    head: [
      { walletId: head.walletId, sequence: head.sequence, hash: head.hash },
      headFingerprint(head),
    ],
    view: [
      {
        identity,
        epoch: account.state.epoch,
        state: account.state.hash,
        heads: [{ walletId: head.walletId, sequence: head.sequence, hash: head.hash }],
      },
      viewFingerprint(identity, account.state, [head]),
    ],
  } as const;
  const cases: readonly VectorCase[] = [
    {
      name: "a signed request",
      kind: "request",
      body: requestText(request),
      signature: signRequest(request, seed),
      authority_key: authorityKey,
    },
    {
      name: "a login statement",
      kind: "login",
      body: loginText(login),
      signature: signLogin(login, seed),
      authority_key: authorityKey,
    },
    ...Object.entries(prints).map(([name, [value, { code, picture }]]) => ({
      name: `fingerprint of the ${name}`,
      kind: "fingerprint",
      type: `fingerprint/${name}`,
      body: encodeCanonical(value),
      code,
      picture: describePicture(picture),
    })),
  ];
  return { title: "Requests, logins and fingerprints", made_with: madeWith, cases };
}

/** Canonical texts, and texts that are not. */
export function canonicalVectors(): VectorFile {
  const values = [
    {},
    [],
    "",
    0,
    -1,
    Number.MAX_SAFE_INTEGER,
    { b: 1, a: [2, "x", {}] },
    { "\ud83d\ude00": 1, "\ufb33": 2 },
    'control \u0001 tab \t quote " slash / \u007f \u2028',
    { a: { a: { a: [[["deep"]]] } } },
  ];
  const refused = [
    '{"a": 1}',
    '{"b":1,"a":1}',
    '{"a":1,"a":1}',
    "1.0",
    "1e2",
    "-0",
    "9007199254740992",
    "null",
    "true",
    '"\\u0041"',
    '"\\ud800"',
    '"\\/"',
    "[1,]",
    "",
  ];
  const cases = [
    ...values.map((value, at) => {
      const text = encodeCanonical(parseCanonical(encodeCanonical(value), 1000));
      return { name: `value ${at + 1}`, kind: "canonical", value, text };
    }),
    ...refused.map((text) => ({ name: `refused: ${text}`, kind: "refused", text })),
  ];
  return { title: "Canonical texts", made_with: madeWith, cases };
}
