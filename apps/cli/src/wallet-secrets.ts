import type { JsonValue, WalletDocument } from "@holdfast/wallet/lbry";

/** What of an account must not be shown unasked; encrypted values are shown as they are in the file. */
export type AccountSecrets = {
  readonly seed: string | undefined;
  readonly privateKey: string | undefined;
  /** PEM texts by channel id. */
  readonly channelKeys: Readonly<Record<string, string>>;
};

/** The secrets of each account, in the wallet's order. */
export function listSecrets(wallet: WalletDocument): readonly AccountSecrets[] {
  const accounts = wallet.get("accounts");
  return Array.isArray(accounts) ? accounts.map(secretsOf) : [];
}

function secretsOf(account: JsonValue): AccountSecrets {
  const fields = fieldsOf(account);
  const channelKeys = [...fieldsOf(fields.get("certificates"))].map(
    ([id, pem]) => [id, textOf(pem) ?? ""] as const,
  );
  return {
    seed: textOf(fields.get("seed")),
    privateKey: textOf(fields.get("private_key")),
    channelKeys: Object.fromEntries(channelKeys),
  };
}

function fieldsOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> {
  return value instanceof Map ? (value as ReadonlyMap<string, JsonValue>) : new Map();
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
