import { lbryFormat, mainnet, masterKeyOfSeed } from "@holdfast/wallet/lbry";
import type { JsonObject, JsonValue, WalletDocument } from "@holdfast/wallet/lbry";
import type { Content } from "@holdfast/wallet/merge";
import type { Desk, SimulatedWallet } from "../simulation/simulated-wallet.ts";
import { changeAt, changeTexts, createFormatWallet, isArray, isObject } from "./format-wallet.ts";

/** A LBRY wallet: what its apps and its SDK change, channel keys and accounts included. `format`: the one under test. */
export function createLbryWallet(
  format: typeof lbryFormat,
): SimulatedWallet<Content<WalletDocument>> {
  return createFormatWallet({
    format,
    change,
    nameOf: (account) => names.get(account.get("public_key")) ?? "?",
    keysOf: function* ({ document, retired }) {
      for (const account of accountsOf(document)) yield* keysIn(account);
      for (const { value } of retired.keys) yield* isObject(value) ? keysIn(value) : textsIn(value);
    },
  });
}

const keys = [1, 2].map((byte) => masterKeyOfSeed(new Uint8Array(32).fill(byte), mainnet));
/** Accounts as conflicts name them. */
const names = new Map<JsonValue | undefined, string>(
  keys.map((key) => [key.publicText, key.address]),
);

export const lbryWallet = createLbryWallet(lbryFormat);

function change(desk: Desk, document: WalletDocument): WalletDocument | null {
  const { random } = desk;
  const kind = random.below(20);
  const shared = ["preferences", "shared", "value", "value"];
  if (kind < 5)
    return changeAt(document, [...shared, random.pick(["subscriptions", "tags"])], (value) =>
      changeTexts(desk, value, false),
    );
  if (kind < 9)
    return changeAt(document, [...shared, "builtinCollections", "later", "items"], (value) =>
      changeTexts(desk, value, true),
    );
  if (kind < 13)
    return changeAt(document, [...shared, "settings", random.pick(["theme", "language"])], () =>
      kind === 9 ? undefined : desk.fresh(),
    );
  if (kind < 15)
    return changeAt(document, ["preferences", "other"], (entry) =>
      kind === 13 ? undefined : new Map(isObject(entry) ? entry : []).set("value", desk.fresh()),
    );
  const accounts = accountsOf(document);
  const account = accounts[random.below(accounts.length + 1)];
  return account === undefined
    ? addAccount(desk, document)
    : changeAccount(desk, document, account);
}

function addAccount(desk: Desk, document: WalletDocument): WalletDocument | null {
  const key = desk.random.pick(keys);
  const accounts = accountsOf(document);
  if (accounts.some((account) => account.get("public_key") === key.publicText)) return null;
  const added = new Map<string, JsonValue>([
    ["ledger", mainnet.ledger],
    ["name", desk.fresh()],
    ["private_key", key.privateText],
    ["public_key", key.publicText],
  ]);
  return new Map(document).set("accounts", [...accounts, added]);
}

function changeAccount(
  desk: Desk,
  document: WalletDocument,
  account: JsonObject,
): WalletDocument | null {
  const { random } = desk;
  const certificates = account.get("certificates");
  const channels = isObject(certificates) ? [...certificates.keys()] : [];
  const kind = random.below(6);
  let changed: JsonObject;
  if (kind < 3) changed = new Map(account).set("name", desk.fresh());
  else if (kind < 5 && channels.length < 8)
    changed = changeAt(account, ["certificates", desk.fresh()], () => desk.fresh());
  else if (channels.length > 0)
    changed = changeAt(account, ["certificates", random.pick(channels)], () => undefined);
  else return null;
  const accounts = accountsOf(document).map((other) => (other === account ? changed : other));
  return new Map(document).set("accounts", accounts);
}

function accountsOf(document: WalletDocument): readonly JsonObject[] {
  const accounts = document.get("accounts");
  return isArray(accounts) ? accounts.filter(isObject) : [];
}

function* keysIn(account: JsonObject): Iterable<string> {
  yield* textsIn(account.get("private_key"));
  const certificates = account.get("certificates");
  if (isObject(certificates)) for (const key of certificates.values()) yield* textsIn(key);
}

function textsIn(value: JsonValue | undefined): readonly string[] {
  return typeof value === "string" && value !== "" ? [value] : [];
}
