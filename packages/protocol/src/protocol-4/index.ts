/** Protocol 4 on the wire: operations, messages, problems, limits, events. */
export * from "./answers.ts";
export * from "./events.ts";
export { isSameAccountId, normalizeAccountId } from "./fields.ts";
export { limits4 } from "./limits.ts";
export {
  credentials,
  revision,
  session,
  type Credentials,
  type Revision,
  type SessionAnswer,
  type WalletHead4,
} from "./messages.ts";
export * from "./operations.ts";
export * from "./problems.ts";
export * from "./requests.ts";
