/** LBRY wallets in plain words, without secrets (MERGE-41). */
import { printable, type Wording } from "../../merge/describe.ts";
import { isObject } from "../../merge/value-comparison.ts";
import type { RetiredKey } from "../../merge/wallet-format.ts";
import { keysUnit } from "./wallet-schema.ts";

type Path = readonly string[];

export const walletWording: Wording = {
  subject(path) {
    const [area, ...rest] = path;
    if (area === "accounts") return accountSubject(rest);
    if (area === "preferences") return preferenceSubject(rest);
    if (area === "name") return "the wallet's name";
    return area === undefined ? "the wallet" : `the wallet's field ${quoted(path)}`;
  },
  isSecret([area, , field]) {
    if (area === "accounts")
      return !["name", "modified_on", "address_generator"].includes(field ?? "");
    return area !== "preferences" && area !== "name";
  },
  // A whole preference is its value and when it was set.
  shown([area, ...rest], value) {
    if (area !== "preferences" || rest.length !== 1 || !isObject(value)) return value;
    const inner = value.get("value");
    return inner === undefined ? value : inner;
  },
};

/** What a retired key was. */
export function describeRetired({ kind, path }: RetiredKey): string {
  const account = `account ${printable(path[1] ?? "")}`;
  switch (kind) {
    case "account":
      return `The removed ${account}, with its keys.`;
    case "seed":
      return `A seed phrase that ${account} no longer has.`;
    case "private-key":
      return `A private key that ${account} no longer has.`;
    case "channel-key":
      return `The key of channel ${printable(path.at(-1) ?? "")}, which ${account} no longer has.`;
  }
}

function accountSubject([id, field, ...rest]: Path): string {
  if (id === undefined) return "the list of accounts";
  const account = `account ${printable(id)}`;
  switch (field) {
    case undefined:
      return account;
    case "name":
      return `the name of ${account}`;
    case keysUnit:
      return `the keys of ${account}`;
    case "certificates":
      return rest[0] === undefined
        ? `the channel keys of ${account}`
        : `the key of channel ${printable(rest[0])} in ${account}`;
    case "address_generator":
      return `the address settings of ${account}`;
    default:
      return `the field ${quoted([field, ...rest])} of ${account}`;
  }
}

function preferenceSubject([key, ...inside]: Path): string {
  if (key === undefined) return "the preferences";
  const isShared = key === "shared" || key === "local";
  if (!isShared || inside[0] !== "value" || inside[1] !== "value" || inside.length < 3) {
    const field = inside[0] === "value" ? inside.slice(1) : inside;
    return field.length === 0
      ? `the preference ${quoted([key])}`
      : `the field ${quoted(field)} of the preference ${quoted([key])}`;
  }
  const subject = sharedSubject(inside.slice(2));
  return key === "shared" ? subject : `${subject} (for when sync is off)`;
}

function sharedSubject([field = "", name, ...rest]: Path): string {
  if (name === undefined) return pluralSubjects.get(field) ?? quoted([field]);
  switch (field) {
    case "subscriptions":
      return `the subscription to ${printable(name)}`;
    case "following":
      return `the notification setting of ${printable(name)}`;
    case "tags":
      return `the tag ${quoted([name])}`;
    case "blocked":
      return `the block on ${printable(name)}`;
    case "settings":
      return `the setting ${quoted([name, ...rest])}`;
    case "savedCollections":
      return `the saved playlist ${printable(name)}`;
    case "unpublishedCollections":
    case "editedCollections":
    case "builtinCollections":
      return playlistSubject(name, rest);
    default:
      return quoted([field, name, ...rest]);
  }
}

const pluralSubjects = new Map([
  ["subscriptions", "the list of subscriptions"],
  ["following", "the list of notification settings"],
  ["tags", "the list of tags"],
  ["blocked", "the list of blocked channels"],
  ["settings", "the settings"],
  ["savedCollections", "the list of saved playlists"],
]);

function playlistSubject(id: string, [field, item]: Path): string {
  const playlist = `playlist ${printable(id)}`;
  if (field === undefined) return playlist;
  if (field !== "items") return `the ${printable(field)} of ${playlist}`;
  return item === undefined
    ? `the items of ${playlist}`
    : `the item ${printable(item)} of ${playlist}`;
}

function quoted(path: Path): string {
  return `"${path.map((name) => printable(name)).join(" › ")}"`;
}
