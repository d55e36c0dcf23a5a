import { type HostAnswer, limits4, operations4 } from "@holdfast/protocol/protocol-4";
import type { AddRoute } from "./route.ts";
import type { Services4 } from "./services-4.ts";

const signUpByMode = { AllowAll: "open", Whitelist: "invited", EmailVerify: "by-mail" } as const;

export function addHostRoutes(addRoute: AddRoute, services: Services4): void {
  const { origin, mode, maxWalletBytes, maxAccountBytes } = services;

  addRoute({
    operation: operations4.getHost,
    label: "host",
    async handle() {
      const body: HostAnswer = {
        name: new URL(origin()).host,
        origin: origin(),
        versions: [3, 4],
        signUp: signUpByMode[mode],
        limits: {
          walletBytes: maxWalletBytes,
          accountBytes: maxAccountBytes,
          wallets: limits4.wallets,
          headersPerPage: limits4.headersPerPage,
        },
      };
      return { status: 200, body };
    },
  });
}
