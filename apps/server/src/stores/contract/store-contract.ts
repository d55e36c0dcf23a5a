/** What every implementation of the stores must do (docs/spec/stores.md, "What is kept"). */
import { describe } from "vitest";
import { describeAccountStore } from "./account-store-contract.ts";
import { describeCredentialStore } from "./credential-store-contract.ts";
import { describeDeviceStores } from "./device-store-contract.ts";
import type { OpenForTest } from "./open-for-test.ts";
import { describeRandomUse } from "./random-use-contract.ts";
import { describeRevisionStore } from "./revision-store-contract.ts";
import { describeSessionStore } from "./session-store-contract.ts";
import { describeVerificationStore } from "./verification-store-contract.ts";
import { describeWalletStore } from "./wallet-store-contract.ts";

export function describeStores(medium: string, open: OpenForTest): void {
  describe(`stores: ${medium}`, () => {
    describeAccountStore(open);
    describeSessionStore(open);
    describeWalletStore(open);
    describeVerificationStore(open);
    describeCredentialStore(open);
    describeDeviceStores(open);
    describeRevisionStore(open);
    describeRandomUse(open);
  });
}
