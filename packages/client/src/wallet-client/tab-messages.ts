/**
 * What tabs say to each other. One leads; the others follow and are known by a name they chose at random. Contents
 * travel as the texts their format writes and are parsed on arrival. Keys and passwords never travel.
 */
import { z } from "zod";
import { commandOutcomeSchema, commandSchema } from "./command.ts";
import { factsSchema } from "./facts.ts";

/** Tabs of different versions of this protocol do not talk. */
const version = 1;

const look = z.discriminatedUnion("type", [
  z.object({ type: z.literal("content"), text: z.string() }),
  z.object({ type: z.literal("unreadable") }),
  z.object({ type: z.literal("none") }),
]);

const toLeader = z.discriminatedUnion("type", [
  /** tell me how things stand */
  z.object({ type: z.literal("hello"), from: z.string() }),
  z.object({
    type: z.literal("edit"),
    from: z.string(),
    id: z.int(),
    /** what the follower saw, and what it made of it */
    seen: z.string(),
    made: z.string(),
  }),
  z.object({ type: z.literal("command"), from: z.string(), id: z.int(), command: commandSchema }),
  /** let me lead: I have the credentials */
  z.object({ type: z.literal("step-down"), from: z.string() }),
]);

const toFollowers = z.discriminatedUnion("type", [
  /** a tab begins to lead: what its predecessor did not answer is to be said again */
  z.object({ type: z.literal("leading") }),
  /** `view` and `look`: null: as in the last snapshot, `viewNumber` the same */
  z.object({
    type: z.literal("snapshot"),
    leader: z.string(),
    viewNumber: z.int(),
    view: z.string().nullable(),
    facts: factsSchema,
    look: look.nullable(),
  }),
  z.object({
    type: z.literal("edit-settled"),
    to: z.string(),
    id: z.int(),
    outcome: z.discriminatedUnion("type", [
      z.object({ type: z.literal("saved") }),
      z.object({
        type: z.literal("not-saved"),
        reason: z.enum(["disk-full", "disk-failed", "not-leader"]),
      }),
    ]),
  }),
  z.object({
    type: z.literal("command-done"),
    to: z.string(),
    id: z.int(),
    outcome: commandOutcomeSchema,
  }),
  z.object({ type: z.literal("stays"), to: z.string() }),
]);

export type ToLeader = z.output<typeof toLeader>;
export type ToFollowers = z.output<typeof toFollowers>;

/** Wraps a message for the channel. */
export function tabMessage(message: ToLeader | ToFollowers): unknown {
  return { version, message };
}

export function readToLeader(data: unknown): ToLeader | null {
  return read(toLeader, data);
}

export function readToFollowers(data: unknown): ToFollowers | null {
  return read(toFollowers, data);
}

/** null: not for this reader, or not understood. */
function read<Message>(schema: z.ZodType<Message>, data: unknown): Message | null {
  const wrapped = z.object({ version: z.literal(version), message: schema }).safeParse(data);
  return wrapped.success ? wrapped.data.message : null;
}
