/** The recovery kit (CLI-24): 24 words that open the account without the password, shown once, and proved to be written down. */
import { randomBytes, randomInt } from "node:crypto";
import {
  createRecoveryPhrase,
  type RecoveryEntropy,
  recoveryWords,
} from "@holdfast/client/protocol-4";
import { CliError } from "../cli-error.ts";
import { askEnter, askText } from "../terminal/ask.ts";
import { formatTime } from "../terminal/format-time.ts";
import { printable } from "../terminal/printable.ts";
import { terminal } from "../terminal/terminal.ts";

const asked = 3;
const attempts = 3;
const columns = 4;

export interface KitOptions {
  /** `--no-recovery` */
  readonly recovery?: boolean;
  readonly showWords?: true;
}

export interface RecoveryKit {
  readonly phrase: RecoveryEntropy;
  /** For the answer; undefined: the person saw them, and nobody else is to. */
  readonly shown: readonly string[] | undefined;
}

/**
 * Makes the words and walks the person through them; undefined: no words are wanted, or nobody is there to write them down.
 * Nothing is changed by it: whoever stops at a question has the account as it was.
 */
export async function makeRecoveryKit(
  { recovery = true, showWords }: KitOptions,
  { id, host }: { readonly id: string; readonly host: string },
): Promise<RecoveryKit | undefined> {
  if (!recovery) return undefined;
  const phrase = createRecoveryPhrase((length) => new Uint8Array(randomBytes(length)));
  const words = recoveryWords(phrase);
  if (showWords === true) return { phrase, shown: words };
  if (!terminal.isInteractive()) return undefined;
  await terminal.onOtherScreen(async () => {
    terminal.writeErr(`${kitLines(words, id, host).join("\n")}\n\n`);
    await askEnter("Press Enter when they are on paper: they leave the screen.");
  });
  // On that screen too, newly wiped: what is typed are words of the kit.
  await terminal.onOtherScreen(async () => {
    for (const place of placesToAsk(words.length)) await askWord(words, place);
  });
  return { phrase, shown: undefined };
}

/** The words where they are for the answer. */
export function wordLines(kit: RecoveryKit | undefined): readonly string[] {
  return kit?.shown === undefined ? [] : [`Recovery words: ${kit.shown.join(" ")}`];
}

function kitLines(words: readonly string[], id: string, host: string): string[] {
  const rows = words.length / columns;
  const width = Math.max(...words.map((word) => word.length));
  const cell = (at: number) =>
    `${terminal.styleErr("dim", String(at + 1).padStart(2))} ${(words[at] ?? "").padEnd(width)}`;
  return [
    terminal.styleErr("bold", "Your recovery kit"),
    "These 24 words open the account if the password is forgotten or every device",
    "is lost. Nothing else does, and nobody can give them to you again: write them",
    "on paper, in order, and keep it safe.",
    "",
    ...Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => `  ${cell(column * rows + row)}`).join("  "),
    ),
    "",
    `  Account ${printable(id)}`,
    `  Host    ${printable(host)}`,
    `  Made    ${formatTime(Date.now())}`,
  ];
}

function placesToAsk(count: number): readonly number[] {
  const places = new Set<number>();
  while (places.size < asked) places.add(randomInt(count));
  return [...places].sort((a, b) => a - b);
}

async function askWord(words: readonly string[], place: number): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const typed = await askText(`Word ${place + 1} of them:`);
    if (typed?.trim().toLowerCase() === words[place]) return;
    terminal.writeErr("That is not the word on this place.\n");
  }
  throw new CliError(
    "words-differ",
    "What was typed is not what was shown, so nothing was done. Begin again: there will be new words.",
  );
}
