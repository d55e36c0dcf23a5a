/** What a restored host lacks of a wallet, as far as this device has it. */
import {
  hashText,
  parseHeader,
  type Signed,
  signCertificate,
  type WalletId,
} from "@holdfast/crypto";
import { type HealWalletRequest, limits4 } from "@holdfast/protocol/protocol-4";
import { lackOfHeaders, type RevisionRef } from "../../engine/index.ts";
import { misbehaves } from "../outcomes.ts";
import type { HeldAccount } from "../record/held-account.ts";
import { headerNames, parseHistory, type WalletHistory } from "../sync/wallet-memory.ts";
import { type HealOutcome, nothingLacks } from "./heal-outcome.ts";

export type Lacking =
  { readonly type: "lacking"; readonly healing: HealWalletRequest } | HealOutcome;

export async function lackingOf(
  account: HeldAccount,
  walletId: WalletId,
  signal: AbortSignal | undefined,
): Promise<Lacking> {
  const { record, ports } = account;
  const memory = record.wallets[walletId];
  if (memory === undefined) return nothingLacks;
  const theirs = await hostHead(account, walletId, signal);
  if (theirs.type !== "head") return theirs;
  const history = parseHistory(await ports.store.loadWallet(walletId));
  const lack = lackOfHeaders(history, headerNames, memory, theirs, limits4.headers);
  if (lack.type === "nothing") return nothingLacks;
  if (lack.type !== "lacks") return { type: lack.type, walletId };
  const { headers } = lack;
  const certificates = certificatesFor(account, walletId, headers, history);
  const { encryptedWallet } = history;
  return { type: "lacking", healing: { headers: [...headers], encryptedWallet, certificates } };
}

/** Sequence 0: it has no revision of this wallet. */
type HostHead = RevisionRef & { readonly type: "head" };

async function hostHead(
  { api, token }: HeldAccount,
  walletId: WalletId,
  signal: AbortSignal | undefined,
): Promise<HostHead | HealOutcome> {
  if (token === null) return { type: "session-ended" };
  const answered = await api.call("getWallet", { path: { walletId }, token, signal });
  // A wallet that was made after the backup: the host learns of it with the states.
  if (answered.type === "problem") return { type: "head", sequence: 0, hash: "" };
  if (answered.type !== "answer") return answered;
  try {
    const { body } = answered.value?.header ?? { body: "" };
    return { type: "head", sequence: parseHeader(body).sequence, hash: hashText(body) };
  } catch {
    return misbehaves("malformed-answer", "its newest revision has no header");
  }
}

/** Certificates of the generations among the headers; those that this device did not keep are made anew (P4C-50). */
function certificatesFor(
  { unlocked }: HeldAccount,
  walletId: WalletId,
  headers: readonly Signed[],
  { certificates }: WalletHistory,
): HealWalletRequest["certificates"] {
  const generations = new Set(headers.map(({ body }) => parseHeader(body).generation));
  return [...generations].flatMap((generation) => {
    const kept = certificates.find((one) => one.generation === generation);
    if (kept !== undefined) return [{ generation, certificate: { ...kept.certificate } }];
    if (unlocked === null) return [];
    const certificate = signCertificate(unlocked, walletId, generation);
    return [{ generation, certificate: { ...certificate } }];
  });
}
