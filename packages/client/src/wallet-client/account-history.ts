/** Earlier revisions, where the account is open and its protocol keeps any. */
import type { RevisionRef } from "../engine/index.ts";
import type { AccountHistory, OpenAccount } from "../ports/account-source.ts";
import type { CommandOutcome } from "./command.ts";

const longestPage = 200;

export async function readHistory<Content>(
  account: OpenAccount<Content> | null,
  page: { readonly before: number; readonly limit: number },
  signal: AbortSignal,
): Promise<CommandOutcome> {
  if (account === null) return { type: "locked" };
  if (account.history === null) return { type: "no-history" };
  const limit = Math.min(Math.max(page.limit, 1), longestPage);
  const listed = await account.history.list({ before: page.before, limit }, signal);
  return listed.type === "revisions" ? { ...listed, revisions: [...listed.revisions] } : listed;
}

type Opened<Content> = Extract<
  Awaited<ReturnType<AccountHistory<Content>["open"]>>,
  { type: "opened" }
>;

export async function readRevision<Content>(
  account: OpenAccount<Content> | null,
  sequence: number,
  head: RevisionRef,
  signal: AbortSignal,
): Promise<Opened<Content> | CommandOutcome> {
  if (account === null) return { type: "locked" };
  if (account.history === null) return { type: "no-history" };
  return await account.history.open(sequence, head, signal);
}
