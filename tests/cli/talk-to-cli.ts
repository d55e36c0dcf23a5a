import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { type CliAnswer, type CliOptions, spawnCli } from "./run-cli.ts";

const pretendTerminal = fileURLToPath(new URL("pretend-terminal.ts", import.meta.url));

/** What a person sees, and what they type then; a line break ends it by itself. */
export type Reply = readonly [
  question: string | RegExp,
  typed: string | ((seen: string) => string),
];

/** Without what was shown on the terminal's second screen, of which nothing is left on the first one. */
function firstScreen(raw: string): string {
  const [before = "", ...visits] = raw.split("\u001b[?1049h");
  const after = visits.map((visit) => visit.split("\u001b[?1049l").slice(1).join(""));
  return stripVTControlCharacters([before, ...after].join(""));
}

/** Runs a command as at a terminal: types each reply when its question is there, which has to be after the one before. `left`: what stays on the screen. */
export async function talkToCli(
  args: readonly string[],
  replies: readonly Reply[],
  { env = {}, cwd }: CliOptions = {},
): Promise<CliAnswer & { readonly left: string }> {
  const child = spawnCli(args, {
    ...(cwd !== undefined && { cwd }),
    env: { TERM: "dumb", ...env, NODE_OPTIONS: `--import=${pretendTerminal}` },
  });
  const seen = { stdout: "", stderr: "" };
  let raw = "";
  let [shown, at, isTaken] = ["", 0, true];
  const answerWhatIsAsked = (): void => {
    // What was typed is shown while it is typed; a mark says that it was taken.
    if (!isTaken && /✔.*\n/u.test(shown))
      [shown, isTaken] = [shown.replace(/^[^]*?✔.*\n/u, ""), true];
    const reply = isTaken ? replies[at] : undefined;
    if (reply === undefined) return;
    const [question, typed] = reply;
    const found = typeof question === "string" ? shown.indexOf(question) : shown.search(question);
    if (found === -1) return;
    const text = typeof typed === "string" ? typed : typed(shown);
    [shown, at, isTaken] = ["", at + 1, false];
    child.stdin.write(`${text}\r`);
  };
  for (const name of ["stdout", "stderr"] as const)
    child[name].on("data", (chunk: Buffer) => {
      raw += chunk.toString();
      const text = stripVTControlCharacters(chunk.toString());
      seen[name] += text;
      shown += text;
      answerWhatIsAsked();
    });
  child.stdin.on("error", () => undefined);
  const [exitCode] = (await once(child, "close")) as [number | null];
  if (at < replies.length)
    throw new Error(`never asked ${String(replies[at]?.[0])}:\n${seen.stderr}${seen.stdout}`);
  return { exitCode, ...seen, left: firstScreen(raw) };
}
