import { beforeAll, describe, expect, it } from "vitest";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { parseHostOrigin } from "../canonical/fields.ts";
import { hashBytes } from "../hash/hash.ts";
import { codeOf, codeOfAsync, codesOf } from "../testing/error-code.ts";
import { byteMutations } from "../testing/mutations.ts";
import { sampleHost } from "../testing/sample-account.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { keyStretching } from "./key-stretching.ts";
import { loadOpaqueClient, type OpaqueClient, type RegisteredPassword } from "./opaque-client.ts";
import {
  createCredentialId,
  createOpaqueSetup,
  loadOpaqueServer,
  type OpaqueCredential,
  type OpaqueServer,
  type OpaqueSetup,
  parseOpaqueRecord,
  parseOpaqueSetup,
} from "./opaque-server.ts";
import { normalizePassword } from "./password.ts";
import { unknownIdCredential, unknownIdRecord } from "./unknown-id.ts";

// Each finishing call of the client costs half a second and 64 MiB: six in all.
const random = seededBytes("opaque");
const id = "ann@example.org";
const otherHost = parseHostOrigin("https://other.example");
const typed = "Pa\u0301ssword\u00a01";
const typedOtherwise = "P\u00e1ssword 1";

let client: OpaqueClient;
let server: OpaqueServer;
let setup: OpaqueSetup;
let credential: OpaqueCredential;
let registered: RegisteredPassword;

beforeAll(async () => {
  setup = await createOpaqueSetup();
  server = await loadOpaqueServer(setup);
  client = await loadOpaqueClient();
  const round = client.startRegistration(typed);
  const credentialId = createCredentialId(random);
  const answer = server.answerRegistration(credentialId, round.request);
  registered = client.finishRegistration(typed, round, answer);
  credential = { credentialId, record: registered.record };
});

describe("OPAQUE", () => {
  it("[P4C-70] key stretching is Argon2id with 64 MiB, 6 passes and 4 lanes, and nobody can ask for less", () => {
    expect(keyStretching).toEqual({
      "argon2id-custom": { memory: 65_536, iterations: 6, parallelism: 4 },
    });
    expect([
      client.startLogin.length,
      client.finishLogin.length,
      client.finishRegistration.length,
    ]).toEqual([1, 4, 3]);
  });

  it("[P4C-70] [P4C-71] [P4C-72] the password opens the account however it was typed, and the tag holds for one origin and one login", () => {
    const round = client.startLogin(typedOtherwise);
    const { state, response } = server.answerLogin(id, credential, round.request);
    const outcome = client.finishLogin(typedOtherwise, round, response, sampleHost);
    if (outcome.type !== "opened") throw new Error("the password was refused");
    expect(outcome.rootKey.expose()).toEqual(registered.rootKey.expose());
    expect(outcome.rootKey.expose()).toHaveLength(64);

    expect(server.finishLogin(state, outcome.finish, sampleHost)).toBe(true);
    expect(server.finishLogin(state, outcome.finish, otherHost)).toBe(false);
    const changed = byteMutations(parseBase64url(outcome.finish)).map((bytes) =>
      encodeBase64url(bytes),
    );
    expect(
      [...changed, "", "="].some((finish) => server.finishLogin(state, finish, sampleHost)),
    ).toBe(false);
    const another = server.answerLogin(id, credential, client.startLogin(typed).request);
    expect(server.finishLogin(another.state, outcome.finish, sampleHost)).toBe(false);
  });

  it("[P4C-70] a wrong password and an unknown id give the same refusal", () => {
    const wrong = client.startLogin("another password");
    const answer = server.answerLogin(id, credential, wrong.request);
    const refused = client.finishLogin("another password", wrong, answer.response, sampleHost);
    const round = client.startLogin(typed);
    const unknown = server.answerLogin("nobody@example.org", undefined, round.request);
    const alsoRefused = client.finishLogin(typed, round, unknown.response, sampleHost);
    expect([refused, alsoRefused]).toEqual([{ type: "refused" }, { type: "refused" }]);
  });

  it("[P4C-73] an unknown id is answered like a known one: same shape, and the same evaluation each time", () => {
    const round = client.startLogin(typed);
    const known = [1, 2].map(() => server.answerLogin(id, credential, round.request).response);
    const unknown = [1, 2].map(
      () => server.answerLogin("nobody@example.org", undefined, round.request).response,
    );
    const elsewhere = server.answerLogin("somebody@example.org", undefined, round.request).response;
    const lengths = [...known, ...unknown].map((text) => text.length);
    expect(new Set(lengths).size).toBe(1);
    // The first 32 bytes are the evaluated element: the part that depends on the credential id alone.
    const evaluated = (text: string) =>
      Buffer.from(text, "base64url").subarray(0, 32).toString("hex");
    expect(evaluated(known[0]!)).toBe(evaluated(known[1]!));
    expect(evaluated(unknown[0]!)).toBe(evaluated(unknown[1]!));
    expect(evaluated(elsewhere)).not.toBe(evaluated(unknown[0]!));
    expect(unknown[0]).not.toBe(unknown[1]);
  });

  it("[P4C-73] a credential id for an unknown id depends on the id and the host's setup secret", async () => {
    const other = await createOpaqueSetup();
    const ids = [
      unknownIdCredential(setup, "a@example.org"),
      unknownIdCredential(setup, "b@example.org"),
      unknownIdCredential(other, "a@example.org"),
    ];
    expect(new Set(ids).size).toBe(3);
    expect(unknownIdCredential(setup, "a@example.org")).toBe(ids[0]);
    expect(ids.map((one) => parseBase64url(one).length)).toEqual([32, 32, 32]);
  });

  it("[P4C-73] the record of unknown ids is read like any other, and no password fits it", () => {
    const record = unknownIdRecord(setup);
    expect(parseOpaqueRecord(record)).toHaveLength(192);
    expect(record).not.toBe(credential.record);
    const round = client.startLogin(typed);
    const unknown = server.answerLogin("nobody@example.org", undefined, round.request);
    expect(client.finishLogin(typed, round, unknown.response, otherHost).type).toBe("refused");
    const guess = encodeBase64url(random(96));
    expect(server.finishLogin(unknown.state, guess, otherHost)).toBe(false);
  });

  it("[P4C-74] two registrations of one password, each with its credential id, are evaluated differently", () => {
    const { request } = client.startRegistration(typed);
    const ids = [createCredentialId(random), createCredentialId(random)];
    const [first, second, again] = [...ids, ids[0]!].map((one) =>
      server.answerRegistration(one, request),
    );
    expect(first).not.toBe(second);
    expect(again).toBe(first);
  });

  it("[P4C-71] passwords are Unicode text of 1 to 4096 bytes, in NFKC", () => {
    expect(normalizePassword(typed)).toBe(normalizePassword(typedOtherwise));
    expect(normalizePassword("x".repeat(4096))).toHaveLength(4096);
    const refused = ["", "x".repeat(4097), "\u00e9".repeat(2049), "\ud800"];
    expect(codesOf(refused, normalizePassword)).toEqual(["invalid-argument"]);
    expect(codeOf(() => client.startLogin(""))).toBe("invalid-argument");
  });

  it("[P4C-70] messages that are none are malformed, in this package's words", async () => {
    const round = client.startLogin(typed);
    const registration = client.startRegistration(typed);
    const notPoint = "_".repeat(42) + "8";
    const calls = [
      () => server.answerRegistration("x", "garbage"),
      () => server.answerRegistration("x", notPoint),
      () => server.answerLogin(id, credential, "garbage"),
      () => server.answerLogin(id, undefined, "garbage"),
      () => client.finishLogin(typed, round, "garbage", sampleHost),
      () => client.finishRegistration(typed, registration, "garbage"),
      () => parseOpaqueRecord("AAAA"),
      () => parseOpaqueSetup("AAAA"),
    ];
    expect(codesOf(calls, (call) => call())).toEqual(["malformed"]);
    expect(calls[4]).toThrow(/^This is not a well-formed login answer/);
    const noSetup = parseOpaqueSetup(encodeBase64url(new Uint8Array(128)));
    expect(await codeOfAsync(async () => loadOpaqueServer(noSetup))).toBe("malformed");
  });

  it("[P4C-20] the registration record's hash is the password slot's reference", () => {
    expect(registered.reference).toBe(hashBytes(parseOpaqueRecord(registered.record)));
    expect(parseOpaqueRecord(registered.record)).toHaveLength(192);
  });

  it("[P4C-70] a setup secret survives being written to a file", async () => {
    const text = `${encodeBase64url(setup.expose())}\n`;
    expect(parseOpaqueSetup(text).expose()).toEqual(setup.expose());
    const reloaded = await loadOpaqueServer(parseOpaqueSetup(text));
    const { request } = client.startRegistration(typed);
    expect(reloaded.answerRegistration("x", request)).toBe(server.answerRegistration("x", request));
  });
});
