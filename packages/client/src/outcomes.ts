/**
 * What can come of an operation, as unions on `type`. Nothing here is an exception: a refused password or a lying
 * host is an outcome that every caller must face. `describeFailure` turns each failure into sentences for people.
 */
export type * from "./outcomes/accounts.ts";
export type * from "./outcomes/failures.ts";
export type * from "./outcomes/local-wallet.ts";
export type * from "./outcomes/sync.ts";
