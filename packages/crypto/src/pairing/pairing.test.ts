import { describe, expect, it } from "vitest";
import { encodeBase64url, parseBase64url } from "../bytes/base64url.ts";
import { canonicalBytes } from "../canonical/canonical-json.ts";
import { parseHostOrigin } from "../canonical/fields.ts";
import { codeOf, codeOfAsync, codesOf } from "../testing/error-code.ts";
import { byteMutations } from "../testing/mutations.ts";
import { sampleAccount, sampleHost } from "../testing/sample-account.ts";
import { sampleLife } from "../testing/sample-life.ts";
import { mainWallet, sampleWallet } from "../testing/sample-wallet.ts";
import { seededBytes } from "../testing/seeded-bytes.ts";
import { headOf } from "../revision/header.ts";
import { encodeInvitation, type Invitation, parseInvitation } from "./invitation.ts";
import { createPairing, openPairing, sealPairing } from "./pairing-message.ts";
import type { PairedAccount } from "./pairing-payload.ts";

const random = seededBytes("pairing");
const wallet = sampleWallet();
const newest = wallet.revisions.at(-1)!.header;
const paired: PairedAccount = {
  id: "ann@example.org",
  account: wallet.after,
  states: wallet.states,
  heads: [{ walletId: mainWallet, ...headOf(newest) }],
};
const pairing = await createPairing(sampleHost, "Ann's phone", random);
const { invitation, keys } = pairing;

/** The codes with which opening fails, each once. */
async function failures(
  attempts: readonly (() => Promise<unknown>)[],
): Promise<readonly unknown[]> {
  const codes = await Promise.all(attempts.map(async (attempt) => codeOfAsync(attempt)));
  return [...new Set(codes)];
}

describe("pairing invitations", () => {
  it("[P4C-65] an invitation survives being shown as one line and scanned", () => {
    const line = encodeInvitation(invitation);
    expect(parseInvitation(`  ${line}\n`)).toEqual(invitation);
    expect(line).toMatch(/^holdfast-pair:[A-Za-z0-9_-]+$/);
    expect(line.length).toBeLessThan(400);
  });

  it("[P4C-65] two pairings share no key, secret or id", async () => {
    const second = (await createPairing(sampleHost, "Ann's phone", random)).invitation;
    const { pairingId, publicKey, secret } = invitation;
    const parts = [pairingId, publicKey, secret, second.pairingId, second.publicKey, second.secret];
    expect(new Set(parts).size).toBe(6);
  });

  it("[P4C-65] anything else in its place is refused, names that could deceive included", () => {
    const line = encodeInvitation(invitation);
    const withName = (deviceName: string) =>
      `holdfast-pair:${encodeBase64url(canonicalBytes({ ...invitation, deviceName }))}`;
    const lines = [
      "",
      line.slice(14),
      line.toUpperCase(),
      `${line}A`,
      line.slice(0, -4),
      `holdfast-pair:${"A".repeat(5000)}`,
      ...["", " a", "a\nb", "a\u202eb", "x".repeat(65), "a\u0000"].map(withName),
    ];
    expect(codesOf(lines, parseInvitation)).toEqual(["malformed"]);
    expect(codeOf(() => parseInvitation(withName("Ann’s phone 📱")))).toBe("none");
  });
});

describe("pairing messages", () => {
  it("[P4C-66] [P4C-67] a new device receives the account, and can verify what the host shows it from then on", async () => {
    const message = await sealPairing(parseInvitation(encodeInvitation(invitation)), paired);
    const received = await openPairing(pairing, message);
    expect(received.id).toBe(paired.id);
    expect(received.heads).toEqual(paired.heads);
    expect(received.states).toEqual(paired.states);
    expect(received.account.state).toEqual(paired.account.state);
    expect(received.account.accountKey.expose()).toEqual(paired.account.accountKey.expose());
    expect(received.account.keyring.authoritySeed.expose()).toEqual(
      paired.account.keyring.authoritySeed.expose(),
    );
  });

  it("[P4C-66] the same account sealed twice looks different", async () => {
    const [first, second] = await Promise.all([
      sealPairing(invitation, paired),
      sealPairing(invitation, paired),
    ]);
    expect(first.slice(0, 40)).not.toBe(second.slice(0, 40));
  });

  it("[P4C-9] [P4C-67] every changed byte of the message gives the one opaque error", async () => {
    const bytes = parseBase64url(await sealPairing(invitation, paired));
    const changed = byteMutations(bytes)
      .filter((_, at) => at < 40 || at % 199 === 0 || at > bytes.length - 20)
      .map((one) => async () => openPairing(pairing, encodeBase64url(one)));
    expect(await failures(changed)).toEqual(["cannot-open"]);
    expect(await failures([async () => openPairing(pairing, "=")])).toEqual(["cannot-open"]);
  });

  it("[P4C-66] a message holds for its invitation only: key, secret, id, host and name are bound", async () => {
    const message = await sealPairing(invitation, paired);
    const { secret, publicKey } = (await createPairing(sampleHost, "Other", random)).invitation;
    const others: readonly Invitation[] = [
      { ...invitation, secret },
      { ...invitation, publicKey },
      { ...invitation, pairingId: "A".repeat(22) },
      { ...invitation, deviceName: "Ann's phone?" },
      { ...invitation, host: parseHostOrigin("https://other.example") },
    ];
    const attempts = others.map(
      (other) => async () => openPairing({ invitation: other, keys }, message),
    );
    const otherKeys = await createPairing(sampleHost, "Ann's phone", random);
    attempts.push(async () => openPairing({ invitation, keys: otherKeys.keys }, message));
    expect(await failures(attempts)).toEqual(["cannot-open"]);
  });

  it("[P4C-66] somebody who knows the key of a relayed invitation but not its secret cannot answer it", async () => {
    const relayed = { ...invitation, secret: encodeBase64url(random(32)) };
    const message = await sealPairing(relayed, paired);
    expect(await failures([async () => openPairing(pairing, message)])).toEqual(["cannot-open"]);
  });

  it("[P4C-67] an account that is not whole is refused: states, keyring and key have to fit each other", async () => {
    const other = sampleAccount("another").account;
    const [firstState, ...laterStates] = wallet.states;
    const broken: readonly PairedAccount[] = [
      { ...paired, states: laterStates },
      { ...paired, states: [] },
      { ...paired, states: [firstState!] },
      { ...paired, states: sampleLife().changes.map(({ account }) => account.state) },
      { ...paired, account: { ...paired.account, accountKey: other.accountKey } },
      { ...paired, account: { ...paired.account, sealedKeyring: other.sealedKeyring } },
      { ...paired, account: { ...paired.account, state: other.state } },
    ];
    const attempts = broken.map(
      (one) => async () => openPairing(pairing, await sealPairing(invitation, one)),
    );
    expect(await failures(attempts)).toEqual(["cannot-open"]);
  });

  it("[P4C-67] an account of another host than the one that the new device talks to is refused", async () => {
    const elsewhere = await createPairing(
      parseHostOrigin("https://other.example"),
      "Phone",
      random,
    );
    const message = await sealPairing(elsewhere.invitation, paired);
    expect(await failures([async () => openPairing(elsewhere, message)])).toEqual(["cannot-open"]);
  });

  it("[P4C-65] [P4C-66] nothing is sealed to a key that is none", async () => {
    const zero = { ...invitation, publicKey: "A".repeat(43) };
    expect(await failures([async () => sealPairing(zero, paired)])).toEqual(["malformed"]);
  });
});
