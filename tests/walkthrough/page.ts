/** The walkthrough as a page, from what happened. Random values and times are replaced, so that the page changes only when behaviour does. */
import { createHash } from "node:crypto";
import { conflictRows } from "./conflict-rows.ts";
import { rows } from "./rows.ts";
import type { Row } from "./row.ts";
import type { Shown } from "./stage.ts";

export interface Happened {
  readonly row: Row;
  readonly shown: readonly Shown[];
}

/** A page's file, introduction and chapters. */
export interface Page {
  readonly file: string;
  readonly introduction: string;
  readonly rows: readonly Row[];
}

export const walkthrough: Page = {
  file: "docs/guide/walkthrough.md",
  rows,
  introduction: `# Walkthrough: two devices, one account

<!-- Written by \`npm run walkthrough\` from what happened. Do not edit. -->

Two devices, a laptop and a desktop, sync one LBRY wallet through a host that cannot read it. To follow it, start a host with \`npm start\`; give each device a folder with its
wallet file and its own profile (\`export HOLDFAST_PROFILE=./profile\`), inside the checkout, and use \`npx holdfast\` where this page says \`holdfast\`. Passwords come from the environment here; in a terminal, leave the
variable out and you are asked for it.

\`test_wallet_1\` and \`test_wallet_2\` are files that LBRY's own software wrote: one with an account and three channels, and one as new.
Salt seeds and times are replaced by made-up ones, everything else is printed as it was.
`,
};

export const conflictsPage: Page = {
  file: "docs/guide/conflicts.md",
  rows: conflictRows,
  introduction: `# When two devices change the same wallet

<!-- Written by \`npm run walkthrough\` from what happened. Do not edit. -->

Devices change the wallet without asking each other, also offline. When they meet, Holdfast merges field by field: it compares what each has with what both last had in common. Most of the time nobody has to be asked. What two devices changed
differently is a conflict, listed on every device until a person decides on one of them. Keys and seeds are never dropped by a merge. The rules: [merging](../spec/merge.md) and
[the client](../spec/protocol-3-client.md).

As in the [walkthrough](walkthrough.md) a laptop and a desktop share one account. Every line was run; addresses of hosts, salt seeds and times are made up.
`,
};

export function formatPage(
  { introduction }: Page,
  happened: readonly Happened[],
  hostUrl: string,
): string {
  const replace = createReplacer(hostUrl);
  const chapters = happened.map(({ row, shown }) =>
    [
      `## ${row.title}`,
      row.text,
      ["```console", ...shown.map((one) => replace(formatShown(one))), "```"].join("\n"),
      ["Checked:", "", ...row.checked.map((sentence) => `- ${sentence}`)].join("\n"),
    ].join("\n\n"),
  );
  return `${[introduction.trimEnd(), ...chapters].join("\n\n")}\n`;
}

function formatShown({ device, command, output }: Shown): string {
  return `${device}$ ${command}\n${output}`.trimEnd();
}

/** The same made-up value for the same value, in order of appearance. */
function createReplacer(hostUrl: string): (text: string) => string {
  const seeds = new Map<string, string>();
  return (text) =>
    text
      .replaceAll(hostUrl, "http://localhost:8090")
      .replaceAll(/\b[0-9a-f]{64}\b/gu, (seed) => {
        const known = seeds.get(seed) ?? madeUpSeed(seeds.size + 1);
        seeds.set(seed, known);
        return known;
      })
      .replaceAll(/(until) \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/gu, "$1 2030-01-15 12:00 UTC");
}

function madeUpSeed(number: number): string {
  return createHash("sha256").update(`walkthrough salt seed ${number}`).digest("hex");
}
