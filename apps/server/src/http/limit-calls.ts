import type { FastifyReply, FastifyRequest } from "fastify";
import type { CredentialLimits } from "../limits/credential-limits.ts";
import { refuse, setRetryAfter } from "./answer.ts";
import type { RequestCounters } from "./services.ts";

/** Counts a call against its limits; false when it was refused and the 429 is on its way. */
export async function isWithinLimits(
  { limits, counters }: { readonly limits: CredentialLimits; readonly counters: RequestCounters },
  request: FastifyRequest,
  reply: FastifyReply,
  email?: string,
): Promise<boolean> {
  const outcome = await limits.take({
    ip: request.ip,
    ...(email === undefined ? {} : { email }),
  });
  if (outcome.type === "allowed") return true;
  counters.countError("rate-limited");
  setRetryAfter(reply, Math.max(1, Math.ceil(outcome.retryAfterMs / 1000)));
  refuse(reply, "rate-limited");
  return false;
}
