/** The walkthrough as a page, from what happened. Random values and times are replaced, so that the page changes only when behaviour does. */
import { createHash } from "node:crypto";
import { conflictRows } from "./conflict-rows.ts";
import { recoveryRows } from "./recovery-rows.ts";
import { rows4 } from "./rows-4.ts";
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

const walkthrough: Page = {
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

const walkthrough4: Page = {
  file: "docs/guide/walkthrough-4.md",
  rows: rows4,
  introduction: `# Walkthrough over protocol 4

<!-- Written by \`npm run walkthrough\` from what happened. Do not edit. -->

The same two devices as in the [walkthrough over LBRY's protocol](walkthrough.md), with an account of Holdfast's own protocol, which \`register\` makes unless told otherwise: the password never leaves the device in any form, and
each revision is encrypted, signed and chained to the one before it. Passwords come from the environment here; in a terminal, leave the variable out and you are asked for it. Fingerprints, ids and times are made up, everything else is printed as it was.
`,
};

const recoveryPage: Page = {
  file: "docs/guide/recovery.md",
  rows: recoveryRows,
  introduction: `# Getting back in: recovery, pairing, history, stolen devices

<!-- Written by \`npm run walkthrough\` from what happened. Do not edit. -->

Accounts of protocol 4. Every line was run against a real host; recovery words, fingerprints, ids and times are made up. What protects what, and what does not: [the threat model](threat-model.md).
`,
};

const conflictsPage: Page = {
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

export const pages: readonly Page[] = [walkthrough, walkthrough4, recoveryPage, conflictsPage];

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
  const codes = new Map<string, string>();
  const ids = new Map<string, string>();
  const kits = new Map<string, string>();
  const invitations = new Map<string, string>();
  return (text) =>
    text
      .replaceAll(hostUrl, "http://localhost:8090")
      .replaceAll(/\b[0-9a-f]{64}\b/gu, (seed) => known(seeds, seed, madeUpSeed))
      .replaceAll(wordsInAnswers, (_, before: string, words: string) => {
        return before + known(kits, words, madeUpWords);
      })
      .replaceAll(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b/gu, (code) => known(codes, code, madeUpCode))
      .replaceAll(/^[0-9a-f]{8}(?= {2})|(?<=conflicts (?:show|resolve) )[0-9a-f]{8}\b/gmu, (id) =>
        known(ids, id, madeUpId),
      )
      .replaceAll(/holdfast-pair:[\w-]+/gu, (line) => known(invitations, line, madeUpInvitation))
      .replaceAll(pictureRow, "$1green ring, black star, red square, blue moon")
      .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/gu, "2030-01-15 12:00 UTC")
      .replaceAll(/since \d{4}-\d{2}-\d{2},/gu, "since 2030-01-15,");
}

/** A row of a fingerprint's picture in words. */
const pictureRow =
  /^( *)(?:(?:red|orange|yellow|green|blue|purple|brown|black) [a-z]+(?:, )?){4}$/gmu;

/** Recovery words where they are printed, and where they are given. */
const wordsInAnswers = /(Recovery words: |HOLDFAST_RECOVERY_WORDS=')((?:[a-z]+ ){23}[a-z]+)/gu;

function known(
  made: Map<string, string>,
  value: string,
  makeUp: (number: number) => string,
): string {
  const name = made.get(value) ?? makeUp(made.size + 1);
  made.set(value, name);
  return name;
}

function madeUpWords(number: number): string {
  const words =
    "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual".split(
      " ",
    );
  return [...words.slice(number), ...words.slice(0, number)].join(" ");
}

function madeUpCode(number: number): string {
  return `MADE-UP00-CODE-${String(number).padStart(4, "0")}`;
}

function madeUpId(number: number): string {
  return `${madeUpSeed(number).slice(0, 7)}${number % 10}`;
}

function madeUpInvitation(number: number): string {
  return `holdfast-pair:eyJtYWRlLXVwIjp0cnVlfQ${number}`;
}

function madeUpSeed(number: number): string {
  return createHash("sha256").update(`walkthrough salt seed ${number}`).digest("hex");
}
