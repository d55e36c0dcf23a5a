/** Changes and conflicts in plain words (MERGE-41). What a format calls secret is never shown, nor are control characters. */
import type { JsonValue } from "../json/value.ts";
import { canonicalText } from "./canonical-text.ts";
import { isArray, isObject, type Slot } from "./value-comparison.ts";
import type { Change, Conflict } from "./wallet-format.ts";

export interface Wording {
  /** What a path names, as it stands inside a sentence. */
  subject(path: readonly string[]): string;
  /** Whether the value there may be a secret. */
  isSecret(path: readonly string[]): boolean;
  /** What of the value there a person knows; default: all of it. */
  shown?(path: readonly string[], value: JsonValue): JsonValue;
}

const longestText = 80;

/** Text that is safe and short enough to show: control characters and halves of characters are replaced. */
export function printable(text: string): string {
  const clean = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "\ufffd");
  const characters = Array.from(clean.slice(0, 2 * longestText + 2));
  if (characters.length <= longestText) return clean;
  return `${characters.slice(0, longestText - 1).join("")}…`;
}

function valueWords(value: JsonValue): string {
  if (typeof value === "string") return `"${printable(value)}"`;
  if (isArray(value))
    return value.length === 1 ? "a list of 1 item" : `a list of ${value.length} items`;
  if (!isObject(value)) return printable(canonicalText(value));
  return value.size === 1 ? "an object with 1 field" : `an object with ${value.size} fields`;
}

function shownWords(wording: Wording, path: readonly string[], value: JsonValue): string {
  return valueWords(wording.shown?.(path, value) ?? value);
}

/** One sentence for one change. */
export function describeChange(wording: Wording, { path, type, before, after }: Change): string {
  const subject = capitalized(wording.subject(path));
  const words = (slot: Slot) =>
    slot === undefined || wording.isSecret(path) ? undefined : shownWords(wording, path, slot);
  const [was, is] = [words(before), words(after)];
  switch (type) {
    case "added":
      return is === undefined ? `${subject} was added.` : `${subject} was added: ${is}.`;
    case "removed":
      return was === undefined
        ? `${subject} was removed.`
        : `${subject} was removed. It was ${was}.`;
    case "reordered":
      return `${subject}: the order changed.`;
    case "changed":
      return was === undefined || is === undefined
        ? `${subject} changed.`
        : `${subject} changed from ${was} to ${is}.`;
  }
}

/** What a conflict is about, and what is shown until it is answered. */
export function describeConflict(wording: Wording, conflict: Conflict, shown: Slot): string {
  const { path, reason, values } = conflict;
  const subject = wording.subject(path);
  const words = (slot: Slot): string => {
    if (slot === undefined) return "removed";
    return wording.isSecret(path)
      ? "a value that is kept secret here"
      : shownWords(wording, path, slot);
  };
  const [first, second] = [words(values[0]), words(values[1])];
  const kept = `For now it is ${words(shown)}.`;
  switch (reason) {
    case "changed-differently":
      return `Two devices changed ${subject}: one to ${first}, the other to ${second}. ${kept}`;
    case "removed-and-changed":
      return `One device removed ${subject}, another changed it to ${second}. ${kept}`;
    case "removed-unannounced":
      return `Another program removed ${subject} without saying so. It is kept until you decide.`;
    case "ordered-differently":
      return `Two devices put ${subject} into different orders. One of the orders is shown for now.`;
    case "unknown-base":
      return `Nobody knows which is right for ${subject}: ${first} or ${second}. ${kept}`;
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
