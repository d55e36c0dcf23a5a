import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  changePasswordRequest,
  logInRequest,
  parsePostWallet,
  parseRequest,
  postWalletRequest,
  resendVerificationRequest,
  signUpRequest,
} from "./requests.ts";

const email = "joe@example.com";
const password = "12345678";
const clientSaltSeed = "0123456789abcdefABCDEF".padEnd(64, "0");
const valid = {
  signUp: { email, password, clientSaltSeed },
  logIn: { email, password, deviceId: "device" },
  postWallet: { token: "token", encryptedWallet: "blob", hmac: "hmac", sequence: 1 },
  changePassword: { email, oldPassword: password, newPassword: "87654321", clientSaltSeed },
};
const schemas = {
  signUp: signUpRequest,
  logIn: logInRequest,
  postWallet: postWalletRequest,
  changePassword: changePasswordRequest,
};
type Name = keyof typeof schemas;
const names = Object.keys(schemas) as Name[];

const parse = (name: Name, changes: object = {}) =>
  parseRequest(schemas[name], { ...valid[name], ...changes });
const invalid = (why: string) => ({ type: "invalid", why });

test.each(names)("[P3-4] a %s request whose fields are all right is accepted", (name) => {
  expect(parse(name)).toMatchObject({ type: "parsed", request: valid[name] });
});

test.each<[Name, object, string]>([
  ["signUp", { email: "" }, "Invalid or missing 'email'"],
  ["signUp", { email: undefined }, "Invalid or missing 'email'"],
  ["signUp", { email: null }, "Invalid or missing 'email'"],
  ["signUp", { email: " joe@example.com" }, "Invalid or missing 'email'"],
  ["signUp", { password: "1234567" }, "Invalid or missing 'password'"],
  ["signUp", { password: undefined }, "Invalid or missing 'password'"],
  ["signUp", { clientSaltSeed: undefined }, "Invalid or missing 'clientSaltSeed'"],
  ["signUp", { clientSaltSeed: "a".repeat(63) }, "Invalid or missing 'clientSaltSeed'"],
  ["signUp", { clientSaltSeed: "a".repeat(65) }, "Invalid or missing 'clientSaltSeed'"],
  ["signUp", { clientSaltSeed: "g".repeat(64) }, "Invalid or missing 'clientSaltSeed'"],
  ["logIn", { email: "joe" }, "Invalid or missing 'email'"],
  ["logIn", { password: "short" }, "Invalid or missing 'password'"],
  ["logIn", { deviceId: "" }, "Missing 'deviceId'"],
  ["logIn", { deviceId: "d".repeat(257) }, "Invalid 'deviceId'"],
  ["postWallet", { token: "" }, "Missing 'token'"],
  ["postWallet", { encryptedWallet: "" }, "Missing 'encryptedWallet'"],
  ["postWallet", { hmac: null }, "Missing 'hmac'"],
  ["postWallet", { sequence: 0 }, "Missing or zero-value 'sequence'"],
  ["postWallet", { sequence: undefined }, "Missing or zero-value 'sequence'"],
  ["changePassword", { oldPassword: "x" }, "Invalid or missing 'oldPassword'"],
  ["changePassword", { newPassword: "x" }, "Invalid or missing 'newPassword'"],
  [
    "changePassword",
    { newPassword: password },
    "'oldPassword' and 'newPassword' should not be the same",
  ],
])("[P3-4] a %s request with %o fails its check", (name, changes, why) => {
  expect(parse(name, changes)).toEqual(invalid(why));
});

test("[P3-44] a password change has all three wallet fields or none", () => {
  const fields = { encryptedWallet: "blob", sequence: 2, hmac: "hmac" };
  const absent = { encryptedWallet: "", sequence: 0, hmac: "" };
  expect(parse("changePassword", fields)).toMatchObject({ type: "parsed", request: fields });
  expect(parse("changePassword")).toMatchObject({ type: "parsed", request: absent });
  for (const left of Object.keys(fields)) {
    for (const some of [{ ...fields, [left]: undefined }, { [left]: fields[left as "hmac"] }]) {
      expect(parse("changePassword", some)).toEqual(
        invalid("'encryptedWallet', 'sequence' and 'hmac' belong together: send all three or none"),
      );
    }
  }
});

test.each<[Name, object]>([
  ["signUp", { email: 1 }],
  ["signUp", { email: ["joe@example.com"] }],
  ["signUp", { password: {} }],
  ["signUp", { clientSaltSeed: true }],
  ["logIn", { deviceId: 7 }],
  ["logIn", { deviceId: "\ud800" }],
  ["postWallet", { sequence: "1" }],
  ["postWallet", { sequence: 1.5 }],
  ["postWallet", { sequence: -1 }],
  ["postWallet", { sequence: 2 ** 32 }],
  ["postWallet", { sequence: Infinity }],
  ["postWallet", { sequence: [1] }],
  ["postWallet", { encryptedWallet: "\udc00x" }],
])("[P3-4] a %s request with %o has the wrong type", (name, changes) => {
  expect(parse(name, changes)).toEqual({ type: "unreadable" });
});

test("[P3-15] the highest sequence is 2^32 - 1", () => {
  expect(parse("postWallet", { sequence: 2 ** 32 - 1 }).type).toBe("parsed");
});

test.each([null, undefined, [], [valid.signUp], "text", 7, true])(
  "[P3-4] a body of %o is no object and cannot be read",
  (body) => {
    expect(parseRequest(signUpRequest, body)).toEqual({ type: "unreadable" });
  },
);

describe("[P3-4] an unknown field", () => {
  test.each(["extra", "Email", "constructor", "toString", "__proto__", "0", ""])(
    "named %o is reported by its name",
    (name) => {
      const body: unknown = JSON.parse(`{${JSON.stringify(name)}: 1}`);
      expect(parseRequest(resendVerificationRequest, body)).toEqual({
        type: "unknown-field",
        name,
      });
    },
  );

  test("comes before wrong types, which come before failed checks", () => {
    expect(parse("signUp", { email: 1, password: "x", extra: 1 }).type).toBe("unknown-field");
    expect(parse("signUp", { email: "x", password: 1 }).type).toBe("unreadable");
  });
});

test("[P3-4] any JSON value gets one of the four outcomes, and only an object with the fields is accepted", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.record({ email: fc.jsonValue(), password: fc.jsonValue(), clientSaltSeed: fc.jsonValue() }),
    fc.record({ ...mapValues(valid.signUp, fc.constant), extra: fc.jsonValue() }),
  );
  fc.assert(
    fc.property(value, (body) => {
      const { type } = parseRequest(signUpRequest, body);
      expect(["unreadable", "unknown-field", "invalid"]).toContain(type);
    }),
  );
});

test("[P3-16] wallet and HMAC come through unchanged, whatever characters they have", () => {
  const text = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(
    fc.property(text, text, (encryptedWallet, hmac) => {
      const outcome = parse("postWallet", { encryptedWallet, hmac });
      expect(outcome).toMatchObject({ type: "parsed", request: { encryptedWallet, hmac } });
    }),
  );
});

function mapValues<Value, Mapped>(
  values: Record<string, Value>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

describe("the quick way to judge a wallet", () => {
  const texts = ["blob", "", "Zoë", "\ud800", " ", "1"];
  const numbers = [0, 1, 2, -1, -0, 1.5, 0xffff_ffff, 0x1_0000_0000, 1e300];
  const values = fc.constantFrom(...texts, ...numbers, null, true, [], {});
  const keys = ["token", "encryptedWallet", "hmac", "sequence", "Token", "__proto__", "toString"];
  const names = fc.constantFrom(...keys);

  test("[P3-4] judges any body as the schema does", () => {
    const change = fc.record({ name: names, value: fc.option(values, { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 4 }), (changes) => {
        const fields = new Map<string, unknown>(Object.entries(valid.postWallet));
        for (const { name, value } of changes) {
          if (value === undefined) fields.delete(name);
          else fields.set(name, value);
        }
        const text = [...fields].map((field) =>
          field.map((part) => JSON.stringify(part)).join(":"),
        );
        const body: unknown = JSON.parse(`{${text.join(",")}}`);
        expect(parsePostWallet(body)).toEqual(parseRequest(postWalletRequest, body));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([undefined, null, [], ["a", "b", "c", 1], "text", 4, true])(
    "[P3-4] judges %j as the schema does",
    (body) => {
      expect(parsePostWallet(body)).toEqual(parseRequest(postWalletRequest, body));
    },
  );
});
