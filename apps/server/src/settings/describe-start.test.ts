import { expect, test } from "vitest";
import { describeProblems, describeStart, describeWarnings } from "./describe-start.ts";
import { parseSettings } from "./parse-settings.ts";
import type { Environment } from "./setting-reader.ts";
import type { Profile, Settings } from "./settings.ts";

const settingsOf = (env: Environment, profile: Profile = "production"): Settings => {
  const outcome = parseSettings({ flags: {}, env, profile });
  if (outcome.type === "invalid") throw new Error(outcome.problems.join("\n"));
  return outcome.settings;
};
const url = "http://localhost:8090";

test("[P3-74] development says so loudly, and how to sign up", () => {
  const text = describeStart(settingsOf({ HOLDFAST_DATA_DIR: "/data" }, "development"), url);
  expect(text).toContain("DEVELOPMENT MODE");
  expect(text).toContain("Listens on   http://localhost:8090");
  expect(text).toContain("Mode         AllowAll");
  expect(text).toContain("Data in      /data");
  expect(text).toContain("  npx holdfast register you@example.com\n");
  expect(text).not.toContain("WARNING");
});

test("[P3-74] elsewhere the command names the server", () => {
  const text = describeStart(settingsOf({}, "development"), "http://localhost:9000");
  expect(text).toContain("npx holdfast --server http://localhost:9000 register you@example.com");
});

test("[P3-74] an empty whitelist says that nobody can sign up, and what to do", () => {
  const text = describeStart(settingsOf({}), url);
  expect(text).toContain("Nobody can sign up yet");
  expect(text).toContain("ACCOUNT_WHITELIST=you@example.com");
  const filled = describeStart(settingsOf({ ACCOUNT_WHITELIST: "a@b.c" }), url);
  expect(filled).toContain("Whitelist: 1 address may sign up");
  expect(filled).toContain("register you@example.com");
  // The start is in the log too, and the log holds no address.
  expect(filled).not.toContain("a@b.c");
});

test("[P3-74] the way mails go is named without its secret", () => {
  const text = describeStart(
    settingsOf({
      ACCOUNT_VERIFICATION_MODE: "EmailVerify",
      HOLDFAST_SMTP_URL: "smtp://user:canary@mail.example.com",
      HOLDFAST_MAIL_FROM: "wallets@example.com",
      HOLDFAST_PUBLIC_URL: "https://wallets.example.com",
    }),
    url,
  );
  expect(text).toContain("SMTP, from wallets@example.com");
  expect(text).toContain("npx holdfast --server https://wallets.example.com register");
  expect(text).not.toContain("canary");
});

test.each<[Environment, Profile, number]>([
  [{}, "production", 0],
  [{ HOLDFAST_HOST: "127.0.0.5" }, "production", 0],
  [{ HOLDFAST_HOST: "::1" }, "development", 0],
  [{ HOLDFAST_HOST: "0.0.0.0" }, "production", 1],
  [{ HOLDFAST_HOST: "::" }, "production", 1],
  [{ HOLDFAST_HOST: "0.0.0.0", HOLDFAST_TRUST_PROXY: "loopback" }, "production", 0],
  [{ HOLDFAST_HOST: "0.0.0.0", ACCOUNT_VERIFICATION_MODE: "AllowAll" }, "production", 2],
  [{ HOLDFAST_HOST: "192.0.2.1" }, "development", 3],
])("[P3-74] %o in %s has %i warnings", (env, profile, count) => {
  const settings = settingsOf(env, profile);
  const warnings = describeWarnings(settings);
  expect(warnings).toHaveLength(count);
  for (const warning of warnings) expect(describeStart(settings, url)).toContain(warning);
});

test("[P3-74] what keeps the server from starting is a list of sentences", () => {
  expect(describeProblems(["PORT must be a number.", "B."])).toBe(
    "Holdfast did not start:\n  - PORT must be a number.\n  - B.\n",
  );
});
