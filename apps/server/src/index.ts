export type { Account } from "./accounts/account-store.ts";
