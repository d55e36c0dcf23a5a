/** The client's side of authority signatures (P4C-40, P4C-41). */
import type { Secret } from "../secret/secret.ts";
import { signText } from "../signature/signing-key.ts";
import { type LoginStatement, loginText } from "./login-statement.ts";
import { type AuthorityRequest, requestText } from "./authority-request.ts";

/** The signature of a request, as base64url. */
export function signRequest(request: AuthorityRequest, seed: Secret<"authority-seed">): string {
  return signText("request", requestText(request), seed);
}

/** The signature of a login, as base64url. */
export function signLogin(statement: LoginStatement, seed: Secret<"authority-seed">): string {
  return signText("login", loginText(statement), seed);
}
