import { describe, expect, it } from "vitest";
import { parseHostOrigin } from "../canonical/fields.ts";
import { hashText } from "../hash/hash.ts";
import { publicKeyOf } from "../signature/signing-key.ts";
import { textMutations } from "../testing/mutations.ts";
import { sampleAccount, sampleHost, sampleTime } from "../testing/sample-account.ts";
import { sampleLife } from "../testing/sample-life.ts";
import { type AuthorityRequest, verifyRequest } from "./authority-request.ts";
import { type LoginStatement, verifyLogin } from "./login-statement.ts";
import { signLogin, signRequest } from "./sign-request.ts";

const { account } = sampleAccount();
const seed = account.keyring.authoritySeed;
const key = publicKeyOf(seed);
const otherHost = parseHostOrigin("https://other.example");

const request: AuthorityRequest = {
  identity: account.state.account.identity,
  host: sampleHost,
  action: "DELETE /sessions/abc",
  bodyHash: hashText(""),
  nonce: hashText("nonce"),
};
const login: LoginStatement = {
  hostOrigin: sampleHost,
  identity: account.state.account.identity,
  deviceId: "device-1",
  purpose: "session",
  nonce: hashText("nonce"),
  expiresAt: sampleTime + 60_000,
};

describe("authority signatures", () => {
  it("[P4C-40] a signed request is accepted for exactly what was signed", () => {
    const signature = signRequest(request, seed);
    expect(verifyRequest(signature, request, key)).toBe(true);
    const others: readonly AuthorityRequest[] = [
      { ...request, identity: hashText("x") },
      { ...request, host: otherHost },
      { ...request, action: "DELETE /sessions/abd" },
      { ...request, bodyHash: hashText("x") },
      { ...request, nonce: hashText("x") },
    ];
    expect(others.some((other) => verifyRequest(signature, other, key))).toBe(false);
    expect(textMutations(signature).some((one) => verifyRequest(one, request, key))).toBe(false);
  });

  it("[P4C-41] a login is accepted for exactly this origin, device, purpose and challenge, until it expires", () => {
    const signature = signLogin(login, seed);
    expect(verifyLogin(signature, login, key, sampleTime)).toBe(true);
    expect(verifyLogin(signature, login, key, login.expiresAt - 1)).toBe(true);
    expect(verifyLogin(signature, login, key, login.expiresAt)).toBe(false);
    const others: readonly LoginStatement[] = [
      { ...login, hostOrigin: otherHost },
      { ...login, identity: hashText("x") },
      { ...login, deviceId: "device-2" },
      { ...login, purpose: "recovery" },
      { ...login, nonce: hashText("x") },
      { ...login, expiresAt: login.expiresAt + 1 },
    ];
    expect(others.some((other) => verifyLogin(signature, other, key, sampleTime))).toBe(false);
  });

  it("[P4C-41] a login that one host obtained is worth nothing at another with the same nonce", () => {
    const phished = signLogin({ ...login, hostOrigin: otherHost }, seed);
    expect(verifyLogin(phished, login, key, sampleTime)).toBe(false);
  });

  it("[P4C-6] [P4C-40] [P4C-41] a request is no login, and the other way round", () => {
    expect(verifyLogin(signRequest(request, seed), login, key, sampleTime)).toBe(false);
    expect(verifyRequest(signLogin(login, seed), request, key)).toBe(false);
  });

  it("[P4C-38] [P4C-40] a key from before a rotation signs nothing any more", () => {
    const { changes } = sampleLife();
    const former = changes[3]!.account.keyring.authoritySeed;
    const { authorityKey } = changes[4]!.account.state;
    expect(verifyRequest(signRequest(request, former), request, authorityKey)).toBe(false);
    expect(verifyLogin(signLogin(login, former), login, authorityKey, sampleTime)).toBe(false);
  });
});
