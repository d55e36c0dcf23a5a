/** What happened in one run or many, in words and tables. */
import type { SimulationReport } from "@holdfast/testing";

export type Account = {
  readonly runs: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly counts: ReadonlyMap<string, number>;
};

export const nothingYet: Account = { runs: 0, steps: 0, virtualMs: 0, counts: new Map() };

export function addReport(account: Account, report: SimulationReport): Account {
  const counts = new Map(account.counts);
  for (const [what, times] of report.counts) counts.set(what, (counts.get(what) ?? 0) + times);
  return {
    runs: account.runs + 1,
    steps: account.steps + report.steps,
    virtualMs: account.virtualMs + report.virtualMs,
    counts,
  };
}

const messages = [
  "get-wallet",
  "post-wallet",
  "get-salt-seed",
  "log-in",
  "log-in-by-key",
  "change-password",
  "get-states",
  "heal-states",
  "heal-wallet",
  "start-pairing",
  "put-pairing",
  "get-pairing",
  "upgrade",
];

/** Everything that happened, as paragraphs and tables in Markdown. */
export function describeAccount(account: Account): string {
  const { counts, virtualMs } = account;
  const n = (what: string): string => (counts.get(what) ?? 0).toLocaleString("en");
  const sent = messages.reduce((sum, type) => sum + (counts.get(type) ?? 0), 0);
  const lines = [
    `In ${hours(virtualMs)} of the devices' own time:`,
    "",
    `- people: ${n("edit")} edits, ${n("answer")} answers to conflicts, ${n("password change")} password changes and ${n("rotation")} rotations wanted (${n("password change: changed")} done), ${sumOf(counts, "decide ").toLocaleString("en")} decisions about problems`,
    `- devices: ${n("crash")} crashes, ${n("join")} joined, ${n("lost")} lost for ever, ${n("edit-not-saved")} edits that waited for a disk`,
    `- sync: ${n("post-wallet")} pushes sent, ${n("accepted")} known to be accepted, ${n("merge")} merges, ${n("fast-forward")} revisions taken as they were`,
    `- pairing: ${n("pairing begun")} begun, ${n("pairing: joined")} joined by it, ${n("pairing: expired")} ran out, ${n("pairing: not authentic")} messages that did not open`,
    `- upgrades to protocol 4: ${n("upgrade begun")} begun and ${n("upgraded")} done, ${n("upgrade: unsettled")} of unknown fate, ${n("join upgraded")} times a device joined or tried to, ${(
      (counts.get("upgrade: rollback") ?? 0) + (counts.get("upgrade: fork") ?? 0)
    ).toLocaleString("en")} times one had seen more than the upgrade was made from`,
    `- healing over protocol 4: ${n("heal: healed")} times a host had all that the device has, ${n("healed states")} states and ${n("healed revisions")} revisions given back; ${n("heal: to be merged")} times it had gone on and both were brought together; ${n("began anew")} devices began anew`,
    `- host: ${sumOf(counts, "host: ").toLocaleString("en")} hostile acts, restored from a backup ${n("restore")} times`,
    "",
    "| what must hold | held in |",
    "| --- | --- |",
    `| no loss (SYNC-30) | ${n("edits accounted for")} edits |`,
    `| convergence, then silence (SYNC-31) | ${n("era")} times, after ${n("rounds to agreement")} rounds in all |`,
    `| no regress (SYNC-32) | ${n("revision taken")} revisions taken |`,
    `| keys only grow (SYNC-33) | ${n("record changed")} changed records |`,
    `| exactly once (SYNC-34) | ${n("accepted")} accepted pushes |`,
    `| detection (SYNC-35) | ${sumOf(counts, "lie ").toLocaleString("en")} lies answered |`,
    `| secrecy (SYNC-36) | ${sent.toLocaleString("en")} messages searched |`,
  ];
  return [...lines, ...describeLies(counts)].join("\n");
}

function describeLies(counts: Account["counts"]): readonly string[] {
  const byAct = new Map<string, [string, number][]>();
  for (const [what, times] of counts) {
    if (!what.startsWith("lie ")) continue;
    const end = what.indexOf(": ");
    const act = what.slice(4, end);
    byAct.set(act, [...(byAct.get(act) ?? []), [what.slice(end + 2), times]]);
  }
  const later = [...counts].filter(([what]) => what.startsWith("found out later: "));
  if (byAct.size === 0 && later.length === 0) return [];
  const rows = [...byAct]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([act, reactions]) => `| ${act} | ${inOrder(reactions)} |`);
  return [
    "",
    "| the host's answer | what devices made of it |",
    "| --- | --- |",
    ...rows,
    "",
    `Found out later, from an honest answer: ${
      inOrder(later.map(([what, times]) => [what.slice(17), times])) || "nothing"
    }.`,
  ];
}

function inOrder(reactions: readonly (readonly [string, number])[]): string {
  return [...reactions]
    .sort(([, one], [, other]) => other - one)
    .map(([reaction, times]) => `${reaction} ${times.toLocaleString("en")}`)
    .join(", ");
}

function sumOf(counts: Account["counts"], prefix: string): number {
  let sum = 0;
  for (const [what, times] of counts) if (what.startsWith(prefix)) sum += times;
  return sum;
}

function hours(ms: number): string {
  const all = Math.round(ms / 3_600_000);
  return all < 48 ? `${String(all)} hours` : `${Math.round(all / 24).toLocaleString("en")} days`;
}
