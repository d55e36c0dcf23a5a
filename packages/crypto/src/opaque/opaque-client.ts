/**
 * The client's half of OPAQUE (P4C-70, P4C-71, P4C-72): the password goes in and never comes out; what comes out is the
 * rootKey, which only this password and this host's record yield. The finishing calls take about half a second and 64 MiB:
 * in a browser, call them in a worker. The library draws its own randomness (P4C-11).
 */
import { concatBytes } from "@noble/hashes/utils.js";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { malformed } from "../crypto-error.ts";
import { hashBytes } from "../hash/hash.ts";
import type { Hash, HostOrigin } from "../identifiers.ts";
import { Secret } from "../secret/secret.ts";
import { type KeyStretching, keyStretching } from "./key-stretching.ts";
import { originTag } from "./origin-tag.ts";
import { loadOpaqueLibrary, type OpaqueLibrary } from "./opaque-library.ts";
import { normalizePassword } from "./password.ts";

/** A round that was begun: what the device keeps until the host's answer, and what it sends. */
export interface OpaqueRound {
  readonly state: Secret<"opaque-round">;
  readonly request: string;
}

export interface RegisteredPassword {
  /** The registration record, for the host. */
  readonly record: string;
  /** A password slot's `reference`. */
  readonly reference: Hash;
  readonly rootKey: Secret<"root-key">;
}

export type LoginOutcome =
  | { readonly type: "opened"; readonly finish: string; readonly rootKey: Secret<"root-key"> }
  /** The password is wrong, or there is no such account, or the answer was forged: nothing tells these apart. */
  | { readonly type: "refused" };

export interface OpaqueClient {
  startRegistration(password: string): OpaqueRound;
  /** Throws `malformed` for an answer that is none. */
  finishRegistration(password: string, round: OpaqueRound, response: string): RegisteredPassword;
  startLogin(password: string): OpaqueRound;
  /** `origin` is that of the client's own connection. Throws `malformed` for an answer that is none. */
  finishLogin(
    password: string,
    round: OpaqueRound,
    response: string,
    origin: HostOrigin,
  ): LoginOutcome;
}

interface Library {
  readonly client: OpaqueLibrary["client"];
  readonly keyStretching: KeyStretching;
}

/** Loads the library (WebAssembly) once; everything after is synchronous. */
export async function loadOpaqueClient(): Promise<OpaqueClient> {
  const { client } = await loadOpaqueLibrary();
  return createOpaqueClient({ client, keyStretching });
}

/** The library with one way of stretching keys; for this package and its tests alone, so that nobody can ask for less (P4C-70). */
export function createOpaqueClient(library: Library): OpaqueClient {
  return {
    startRegistration: (password) => startRegistration(library, password),
    finishRegistration: (password, round, response) =>
      finishRegistration(library, password, round, response),
    startLogin: (password) => startLogin(library, password),
    finishLogin: (password, round, response, origin) =>
      finishLogin(library, password, round, response, origin),
  };
}

function startRegistration({ client }: Library, typed: string): OpaqueRound {
  const password = normalizePassword(typed);
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password });
  return { state: roundState(clientRegistrationState), request: registrationRequest };
}

function finishRegistration(
  { client, keyStretching }: Library,
  typed: string,
  { state }: OpaqueRound,
  registrationResponse: string,
): RegisteredPassword {
  const { registrationRecord, exportKey } = answered("registration answer", () =>
    client.finishRegistration({
      password: normalizePassword(typed),
      registrationResponse,
      clientRegistrationState: encodeBase64url(state.expose()),
      keyStretching,
    }),
  );
  return {
    record: registrationRecord,
    reference: hashBytes(parseBase64url(registrationRecord)),
    rootKey: new Secret("root-key", parseBase64url(exportKey, 64)),
  };
}

function startLogin({ client }: Library, typed: string): OpaqueRound {
  const password = normalizePassword(typed);
  const { clientLoginState, startLoginRequest } = client.startLogin({ password });
  return { state: roundState(clientLoginState), request: startLoginRequest };
}

function finishLogin(
  { client, keyStretching }: Library,
  typed: string,
  { state }: OpaqueRound,
  loginResponse: string,
  origin: HostOrigin,
): LoginOutcome {
  const result = answered("login answer", () =>
    client.finishLogin({
      password: normalizePassword(typed),
      loginResponse,
      clientLoginState: encodeBase64url(state.expose()),
      keyStretching,
    }),
  );
  if (result === undefined) return { type: "refused" };
  const tag = originTag(parseBase64url(result.sessionKey), origin);
  const finish = concatBytes(parseBase64url(result.finishLoginRequest), tag);
  const rootKey = new Secret("root-key", parseBase64url(result.exportKey, 64));
  return { type: "opened", finish: encodeBase64url(finish), rootKey };
}

function roundState(text: string): Secret<"opaque-round"> {
  return new Secret("opaque-round", parseBase64url(text));
}

/** The library throws for answers it cannot read; its texts are not for people. */
function answered<T>(what: string, call: () => T): T {
  try {
    return call();
  } catch {
    throw malformed(what);
  }
}
