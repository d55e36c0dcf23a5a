/** Wire messages, limits and error texts of the wallet sync protocols. Pure: runs in browsers and Node alike. */
export { PROTOCOL_3, PROTOCOL_3_BASE_PATH, endpoints3 } from "./protocol-3/endpoints.ts";
export { limits3 } from "./protocol-3/limits.ts";
export { isEmailAddress } from "./protocol-3/email-address.ts";
export {
  changePasswordRequest,
  logInRequest,
  parsePostWallet,
  parseRequest,
  postWalletRequest,
  resendVerificationRequest,
  signUpRequest,
} from "./protocol-3/requests.ts";
export type {
  ChangePasswordRequest,
  LogInRequest,
  ParseRequestOutcome,
  PostWalletRequest,
  ResendVerificationRequest,
  SignUpRequest,
} from "./protocol-3/requests.ts";
export {
  clientSaltSeedAnswer,
  errorAnswer,
  logInAnswer,
  signUpAnswer,
  walletAnswer,
} from "./protocol-3/answers.ts";
export type {
  ClientSaltSeedAnswer,
  ErrorAnswer,
  LogInAnswer,
  SignUpAnswer,
  WalletAnswer,
} from "./protocol-3/answers.ts";
export { encodeWalletUpdate, parseWalletUpdate, socketCloseCodes3 } from "./protocol-3/notices.ts";
export { refusals3, refusalText, statusPhrases } from "./protocol-3/refusals.ts";
export type { Refusal, RefusalCode3, RefusalStatus } from "./protocol-3/refusals.ts";
