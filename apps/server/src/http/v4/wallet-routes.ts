/** Wallets: newest revision, next revision, history, healing (P4-50 …). */
import {
  type HeadersAnswer,
  limits4,
  operations4,
  type StoredRevisionAnswer,
} from "@holdfast/protocol/protocol-4";
import type { FindRevisionOutcome, PushOutcome } from "../../revisions/revisions.ts";
import { encodeRevision } from "./encode.ts";
import { decodeHealing, decodePut } from "./pushed.ts";
import type { AddRoute, Answer4 } from "./route.ts";
import type { Services4 } from "./services-4.ts";

export function addWalletRoutes(addRoute: AddRoute, { revisions }: Services4): void {
  const walletIdOf = (params: Readonly<Record<string, string>>) => params["walletId"] ?? "";

  addRoute({
    operation: operations4.getWallet,
    label: "wallet",
    async handle({ session, params, header }) {
      const walletId = walletIdOf(params);
      const known = header("if-none-match");
      if (known !== undefined) {
        const hash = await revisions.newestHash(session.userId, walletId);
        if (hash !== undefined && namesTag(known, hash)) {
          return { status: 304, headers: { etag: tagOf(hash) } };
        }
      }
      return encodeFound(await revisions.newest(session.userId, walletId));
    },
  });

  addRoute({
    operation: operations4.putWallet,
    label: "wallet",
    isPush: true,
    async handle({ session, params, body }) {
      const walletId = walletIdOf(params);
      const outcome = await revisions.push(session, walletId, (open) =>
        decodePut(walletId, open, body),
      );
      return encodePushed(walletId, outcome);
    },
  });

  addRoute({
    operation: operations4.listRevisions,
    label: "revisions",
    async handle({ session, params, number }) {
      const limit = Math.min(number("limit") ?? Infinity, limits4.headersPerPage);
      const after = number("after") ?? 0;
      const listed = await revisions.headers(session.userId, walletIdOf(params), after, limit);
      if (listed.type !== "headers") return { problem: listed.type };
      const answer: HeadersAnswer = {
        headers: listed.headers.map(({ header, storedAtMs, hasBody }) => ({
          header: { body: header.body, signature: header.signature },
          storedAt: storedAtMs,
          hasBody,
        })),
        ...(listed.headSequence !== undefined && { head: listed.headSequence }),
      };
      return { status: 200, body: answer };
    },
  });

  addRoute({
    operation: operations4.getRevision,
    label: "revision",
    async handle({ session, params }) {
      const sequence = /^[1-9][0-9]{0,14}$/.exec(params["sequence"] ?? "")?.[0];
      if (sequence === undefined) return { problem: "no-revision" };
      const { userId } = session;
      return encodeFound(await revisions.find(userId, walletIdOf(params), Number(sequence)));
    },
  });

  addRoute({
    operation: operations4.healWallet,
    label: "revisions",
    isPush: true,
    async handle({ session, params, body }) {
      const walletId = walletIdOf(params);
      const outcome = await revisions.push(session, walletId, () => decodeHealing(walletId, body));
      return encodePushed(walletId, outcome);
    },
  });
}

function encodeFound(outcome: FindRevisionOutcome): Answer4 {
  if (outcome.type !== "found") return { problem: outcome.type };
  const { revision } = outcome;
  const headers = { etag: tagOf(revision.header.hash) };
  return { status: 200, body: encodeRevision(revision), headers };
}

function encodePushed(walletId: string, outcome: PushOutcome): Answer4 {
  switch (outcome.type) {
    case "stored": {
      const { sequence, hash } = outcome;
      const answer: StoredRevisionAnswer = { walletId, sequence, hash };
      return { status: 200, body: answer, headers: { etag: tagOf(hash) } };
    }
    case "conflict": {
      const { current } = outcome;
      if (current === undefined) return { problem: "conflict" };
      return { problem: "conflict", members: { current: encodeRevision(current) } };
    }
    case "too-large":
    case "storage-full":
      return { problem: outcome.type, members: { maxBytes: outcome.maxBytes } };
    case "wrong-generation":
      return { problem: outcome.type, members: { openGeneration: outcome.open } };
    case "unknown-epoch":
      return { problem: outcome.type, members: { epoch: outcome.epoch } };
    case "rate-limited":
      return { problem: outcome.type, retryAfterMs: outcome.retryAfterMs };
    case "unknown-wallet":
    case "session-ended":
      return { problem: outcome.type };
    case "forged":
    case "closed-generation":
    case "closing-mismatch":
    case "epoch-fell":
    case "wrong-body":
      return { problem: "refused-revision", detail: outcome.type };
  }
}

function tagOf(hash: string): string {
  return `"${hash}"`;
}

/** Whether an If-None-Match names the tag, weakly or strongly, or any. */
function namesTag(header: string, hash: string): boolean {
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(tagOf(hash));
}
