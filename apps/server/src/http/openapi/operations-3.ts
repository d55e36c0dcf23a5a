/** The operations of protocol 3 as the OpenAPI document lists them, from the schemas that judge them. */
import {
  changePasswordRequest,
  clientSaltSeedAnswer,
  endpoints3,
  logInAnswer,
  logInRequest,
  postWalletRequest,
  resendVerificationRequest,
  signUpAnswer,
  signUpRequest,
  walletAnswer,
} from "@holdfast/protocol";
import { z } from "zod";

export interface Operation3 {
  readonly operationId: string;
  readonly method: "get" | "post";
  readonly path: string;
  readonly summary: string;
  readonly query?: readonly string[];
  readonly request?: z.ZodType;
  readonly success: number;
  /** `text`: for a person's eyes. */
  readonly answer: z.ZodType | "text";
  /** Statuses of refusals. */
  readonly refusals: readonly number[];
}

const nothing = z.object({});

export const operations3: readonly Operation3[] = [
  {
    operationId: "signUp3",
    method: "post",
    path: endpoints3.signUp,
    summary: "Sign up",
    request: signUpRequest,
    success: 201,
    answer: signUpAnswer,
    refusals: [400, 403, 409, 413, 429, 502, 503],
  },
  {
    operationId: "logIn3",
    method: "post",
    path: endpoints3.logIn,
    summary: "Log a device in",
    request: logInRequest,
    success: 200,
    answer: logInAnswer,
    refusals: [400, 401, 403, 413, 429, 503],
  },
  {
    operationId: "clientSaltSeed3",
    method: "get",
    path: endpoints3.clientSaltSeed,
    summary: "The salt seed of an address, which is in base64",
    query: ["email"],
    success: 200,
    answer: clientSaltSeedAnswer,
    refusals: [400, 403, 404, 429],
  },
  {
    operationId: "getWallet3",
    method: "get",
    path: endpoints3.wallet,
    summary: "The newest wallet",
    query: ["token"],
    success: 200,
    answer: walletAnswer,
    refusals: [400, 401, 404],
  },
  {
    operationId: "postWallet3",
    method: "post",
    path: endpoints3.wallet,
    summary: "The next wallet, if its sequence follows",
    request: postWalletRequest,
    success: 200,
    answer: walletAnswer,
    refusals: [400, 401, 409, 413, 503],
  },
  {
    operationId: "changePassword3",
    method: "post",
    path: endpoints3.password,
    summary: "Change the password, with the wallet",
    request: changePasswordRequest,
    success: 200,
    answer: nothing,
    refusals: [400, 401, 403, 409, 413, 429, 503],
  },
  {
    operationId: "verify3",
    method: "get",
    path: endpoints3.verify,
    summary: "Follow the mailed link",
    query: ["verifyToken"],
    success: 200,
    answer: "text",
    refusals: [400, 403, 429],
  },
  {
    operationId: "resendVerification3",
    method: "post",
    path: endpoints3.resendVerification,
    summary: "Mail the link again",
    request: resendVerificationRequest,
    success: 200,
    answer: nothing,
    refusals: [400, 401, 403, 409, 413, 429, 502],
  },
];
