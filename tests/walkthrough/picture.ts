/** Chapters of a page that is a run, drawn as a terminal: the pictures of the README say nothing that did not happen. */

/** A picture's file, the page it is taken from, and the chapters. */
export interface Picture {
  readonly file: string;
  readonly page: string;
  readonly title: string;
  readonly chapters: readonly string[];
}

export const pictures: readonly Picture[] = [
  {
    file: "docs/images/two-devices.svg",
    page: "docs/guide/walkthrough-4.md",
    title: "Two devices change one wallet",
    chapters: ["Register", "A second device", "Two wallets diverge"],
  },
  {
    file: "docs/images/pairing-and-history.svg",
    page: "docs/guide/recovery.md",
    title: "A device joins by pairing; an earlier revision comes back",
    chapters: ["Pairing", "History"],
  },
];

const COLUMNS = 96;
const CHARACTER_WIDTH = 8.4;
const LINE_HEIGHT = 20;
const MARGIN = 24;
const BAR_HEIGHT = 40;
const PROMPT_COLOURS = ["#4ec9a5", "#e5a35c", "#8ab4f8"];

interface Line {
  readonly text: string;
  /** Whose prompt it begins with, and what was typed there. */
  readonly typed?: { readonly prompt: string; readonly colour: string };
}

/** The picture as an SVG, from the text of its page. Throws where the page has no such chapter. */
export function drawPicture({ title, chapters }: Picture, page: string): string {
  const lines = readLines(chapters.map((chapter) => consoleOf(page, chapter)).join("\n"));
  const width = Math.ceil(COLUMNS * CHARACTER_WIDTH) + 2 * MARGIN;
  const height = BAR_HEIGHT + lines.length * LINE_HEIGHT + 2 * MARGIN;
  const texts = lines.map((line, index) =>
    drawLine(line, BAR_HEIGHT + MARGIN + (index + 0.7) * LINE_HEIGHT),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<rect width="${width}" height="${height}" rx="10" fill="#14181f"/>`,
    `<path d="M0 ${BAR_HEIGHT}V10A10 10 0 0 1 10 0H${width - 10}A10 10 0 0 1 ${width} 10V${BAR_HEIGHT}Z" fill="#242b36"/>`,
    `<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#c8ced8">`,
    `<text x="${MARGIN}" y="26" fill="#8b94a3">${escapeXml(title)}</text>`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** What a chapter's console shows. */
function consoleOf(page: string, chapter: string): string {
  const [, after] = page.split(`\n## ${chapter}\n`);
  const shown = after === undefined ? undefined : /```console\n(.*?)\n```/su.exec(after)?.[1];
  if (shown === undefined) throw new Error(`the page has no chapter “${chapter}”`);
  return shown;
}

function readLines(shown: string): readonly Line[] {
  const colours = new Map<string, string>();
  return shown.split("\n").flatMap((text): Line[] => {
    const [, device, command] = /^([a-z]+)\$ (.*)$/u.exec(text) ?? [];
    if (device === undefined || command === undefined) return wrap(text);
    const colour =
      colours.get(device) ?? PROMPT_COLOURS[colours.size % PROMPT_COLOURS.length] ?? "";
    colours.set(device, colour);
    // Passwords and words are typed blindly in a terminal.
    const typed = command.replaceAll(/HOLDFAST_\w+=(?:'[^']*'|\S+) /gu, "");
    const prompt = `${device}$ `;
    const [first, ...rest] = wrap(prompt + typed);
    return [{ text: first?.text.slice(prompt.length) ?? "", typed: { prompt, colour } }, ...rest];
  });
}

/** In lines of at most as many columns as the terminal has, broken between words. */
function wrap(text: string): Line[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<= )(?=\S)/u)) {
    if (line !== "" && (line + word).trimEnd().length > COLUMNS) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += word;
  }
  return [...lines, line.trimEnd()].map((one) => ({ text: one }));
}

function drawLine({ text, typed }: Line, y: number): string {
  const at = `x="${MARGIN}" y="${y}"`;
  // The same width in whatever font there is.
  const length = ((typed?.prompt.length ?? 0) + text.length) * CHARACTER_WIDTH;
  const fit = `textLength="${length.toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  if (typed === undefined) return text === "" ? "" : `<text ${at} ${fit}>${escapeXml(text)}</text>`;
  const prompt = `<tspan fill="${typed.colour}">${escapeXml(typed.prompt)}</tspan>`;
  return `<text ${at} ${fit} fill="#ffffff">${prompt}${escapeXml(text)}</text>`;
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // Plain spaces in a row are drawn as one.
      .replaceAll(/^ | (?= )/gmu, "&#160;")
  );
}
