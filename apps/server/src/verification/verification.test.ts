import { expect, test } from "vitest";
import { createDomain } from "../stores/contract/create-domain.ts";
import { VERIFICATION_TOKEN_LIFETIME_MS } from "./verification.ts";

const EMAIL = "Ann@example.org";

async function createDomainWithUnverified() {
  const domain = createDomain({ type: "EmailVerify" });
  const outcome = await domain.signUp(EMAIL);
  const first = "verificationToken" in outcome ? (outcome.verificationToken ?? "") : "";
  return { ...domain, first };
}

test("[P3-18] [P3-51] a mailed token verifies its account once, within two days", async () => {
  const { verification, time, first } = await createDomainWithUnverified();
  const refused = { type: "unknown-or-expired" };
  expect(await verification.redeem("0".repeat(64))).toEqual(refused);
  expect(await verification.redeem("no token")).toEqual(refused);
  time.nowMs += VERIFICATION_TOKEN_LIFETIME_MS;
  expect(await verification.redeem(first)).toEqual(refused);
  time.nowMs -= 1;
  expect(await verification.redeem(first)).toEqual({ type: "verified", userId: 1 });
  expect(await verification.redeem(first)).toEqual(refused);
});

test("[P3-53] a further token goes to the address of the sign-up, and the earlier one still works", async () => {
  const { verification, first } = await createDomainWithUnverified();
  const resent = await verification.resend("ann@EXAMPLE.org");
  expect(resent).toEqual({
    type: "issued",
    email: EMAIL,
    verificationToken: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await verification.redeem(first)).toMatchObject({ type: "verified" });
  const second = "verificationToken" in resent ? resent.verificationToken : "";
  expect(await verification.redeem(second)).toEqual({ type: "unknown-or-expired" });
});

test("[P3-54] no token is made for an unknown or verified address", async () => {
  const { verification, first } = await createDomainWithUnverified();
  expect(await verification.resend("bob@example.org")).toEqual({ type: "unknown-email" });
  await verification.redeem(first);
  expect(await verification.resend(EMAIL)).toEqual({ type: "already-verified" });
});

test.each([{ type: "AllowAll" } as const, { type: "Whitelist", emails: [EMAIL] } as const])(
  "[P3-53] no token is made where addresses are not verified by mail ($type)",
  async (mode) => {
    const { signUp, verification } = createDomain(mode);
    await signUp(EMAIL);
    expect(await verification.resend(EMAIL)).toEqual({ type: "not-by-mail" });
    expect(await verification.resend("bob@example.org")).toEqual({ type: "not-by-mail" });
  },
);
