import type { Secret } from "./secret.ts";

const maxLength = 300;

/**
 * A stranger's text, fit to be shown: no control or invisible characters that could steer a terminal, at most 300
 * characters, and none of `secrets`, should the stranger have echoed one (P3C-44).
 */
export function printable(text: string, secrets: readonly Secret[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    const shown = secret.reveal();
    if (shown !== "") clean = clean.replaceAll(shown, "[secret]");
  }
  clean = clean.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}
