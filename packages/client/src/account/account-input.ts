import type { AccountInput } from "../device/device.ts";
import type { HeldDevice } from "../device/held-device.ts";
import { checkLeftWallet } from "../device/left-wallet.ts";
import { checkLinkedWallet } from "../device/wallet-file.ts";
import type { Profile } from "../device/profile.ts";
import type {
  LocalWalletUnusable,
  ProfileExists,
  Protocol4Account,
  ServerRefused,
  WalletAlreadyLinked,
} from "../outcomes.ts";
import { formatServerUrl, parseServerUrl } from "../protocol-3/server-url.ts";
import { wasUsedWithProtocol4 } from "../protocol-memory/protocol-memory.ts";
import type { Secret } from "../secret.ts";

/** An account as given, with its server and wallet file checked. */
export type CheckedAccount = {
  readonly server: string;
  readonly allowPlainHttp: boolean;
  readonly email: string;
  readonly password: Secret;
  readonly walletPath: string | null;
};

/** Checks what can be checked before a host is asked, against the profile that is there. */
export async function checkAccountInput(
  held: HeldDevice,
  input: AccountInput,
): Promise<
  | { readonly type: "checked"; readonly account: CheckedAccount }
  | ServerRefused
  | Protocol4Account
  | ProfileExists
  | WalletAlreadyLinked
  | LocalWalletUnusable
> {
  const allowPlainHttp = input.allowPlainHttp ?? held.account?.profile.allowPlainHttp ?? false;
  const parsed = parseServerUrl(input.server, allowPlainHttp);
  if (parsed.type !== "server") return parsed;
  const server = formatServerUrl(parsed.url);
  // Before keys are derived; every request looks once more.
  if (await wasUsedWithProtocol4(held.ports.protocolMemory, parsed.url, input.email))
    return { type: "protocol-4-account" };
  const profile = held.account?.profile;
  if (profile?.registration === "done" && !isSameAccount(profile, server, input.email)) {
    return { type: "profile-exists", server: profile.server, email: profile.email };
  }
  if (profile === undefined && input.besideLeftWallet !== true) {
    const left = await checkLeftWallet(held, { id: input.email, host: parsed.url });
    if (left !== null) return left;
  }
  const link = await checkLinkedWallet({ ...held, profile: profile ?? null }, input.walletPath);
  if (link.type !== "link") return link;
  return {
    type: "checked",
    account: {
      server,
      allowPlainHttp,
      email: input.email,
      password: input.password,
      walletPath: link.walletPath,
    },
  };
}

/** Hosts fold the case of addresses, so a profile does too; the spelling still makes other keys. */
export function isSameAccount(profile: Profile, server: string, email: string): boolean {
  return profile.server === server && profile.email.toLowerCase() === email.toLowerCase();
}
