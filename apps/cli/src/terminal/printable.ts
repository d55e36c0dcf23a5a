/**
 * Text out of a wallet, a host or a daemon, made safe to show on a terminal: control, direction and other invisible
 * characters, with which it could rewrite the screen or deceive the reader, appear as `\\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
