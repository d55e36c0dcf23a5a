/** What a follower asks its leader to do, and what comes of it: plain data, since it crosses from tab to tab. */
import { z } from "zod";

const problem = z.enum([
  "rolled-back",
  "forked",
  "not-authentic",
  "broken-chain",
  "old-epoch",
  "undecodable",
  "false-receipt",
]);

export const commandSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("lock") }),
  z.object({ type: z.literal("sync") }),
  z.object({
    type: z.literal("decide"),
    decision: z.enum(["try-again", "look", "keep-mine", "heal"]),
  }),
  z.object({
    type: z.literal("choose-first-sync"),
    choice: z.enum(["merge", "keep-mine", "take-theirs"]),
  }),
  z.object({ type: z.literal("history"), before: z.int(), limit: z.int() }),
  z.object({ type: z.literal("restore"), sequence: z.int() }),
]);

export type Command = Readonly<z.output<typeof commandSchema>>;

export const commandOutcomeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("done") }),
  z.object({
    type: z.literal("revisions"),
    revisions: z.array(
      z.object({
        sequence: z.int(),
        hash: z.string(),
        deviceId: z.string(),
        savedAtMs: z.number(),
      }),
    ),
  }),
  z.object({ type: z.literal("saved") }),
  z.object({ type: z.literal("unchanged") }),
  z.object({
    type: z.literal("not-saved"),
    reason: z.enum(["disk-full", "disk-failed", "not-leader"]),
  }),
  z.object({ type: z.literal("no-history") }),
  z.object({ type: z.literal("locked") }),
  z.object({ type: z.literal("unknown-revision") }),
  z.object({ type: z.literal("body-gone") }),
  z.object({ type: z.literal("rejected"), problem }),
  z.object({ type: z.literal("unreachable") }),
  z.object({ type: z.literal("busy"), retryAfterMs: z.number() }),
  z.object({ type: z.literal("garbled") }),
  z.object({ type: z.literal("unauthorized") }),
  z.object({ type: z.literal("not-open") }),
]);

export type CommandOutcome = Readonly<z.output<typeof commandOutcomeSchema>>;
