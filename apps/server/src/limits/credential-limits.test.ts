import fc from "fast-check";
import { expect, test } from "vitest";
import { clientNetwork } from "./client-network.ts";
import { createCredentialLimits } from "./credential-limits.ts";

const settings = {
  perIp: { points: 4, windowMs: 1000 },
  perEmail: { points: 2, windowMs: 5000 },
};
const allowed = { type: "allowed" };

function createAt(nowMs: number, maxKeys = 100) {
  const time = { nowMs };
  return { time, limits: createCredentialLimits(settings, () => time.nowMs, maxKeys) };
}

test("[P3-19] an e-mail is tried so many times in its window, from wherever and in whatever case", async () => {
  const { time, limits } = createAt(100);
  expect(await limits.take({ ip: "192.0.2.1", email: "ann@example.org" })).toEqual(allowed);
  time.nowMs += 500;
  expect(await limits.take({ ip: "192.0.2.2", email: "Ann@Example.org" })).toEqual(allowed);
  const third = { ip: "192.0.2.3", email: "ANN@example.org" };
  expect(await limits.take(third)).toEqual({ type: "limited", retryAfterMs: 4500 });
  expect(await limits.take({ ...third, email: "bob@example.org" })).toEqual(allowed);
  time.nowMs += 4500;
  expect(await limits.take(third)).toEqual(allowed);
});

test("[P3-19] strangers who use up an e-mail's tries do not keep out whoever logged in with it from a network before", async () => {
  const { limits } = createAt(0);
  const owner = { ip: "2001:db8::1", email: "ann@example.org" };
  limits.recognise(owner);
  const stranger = { ip: "192.0.2.1", email: "ann@example.org" };
  for (let call = 1; call <= 2; call += 1) expect(await limits.take(stranger)).toEqual(allowed);
  expect(await limits.take({ ...stranger, ip: "192.0.2.2" })).toMatchObject({ type: "limited" });
  for (let call = 1; call <= 2; call += 1) {
    expect(await limits.take({ ip: "2001:db8::2", email: "ANN@example.org" })).toEqual(allowed);
  }
});

test("[P3-19] a network that is known for an e-mail has no more tries than all others have together, and gives them none", async () => {
  const { limits } = createAt(0);
  const owner = { ip: "192.0.2.1", email: "ann@example.org" };
  limits.recognise(owner);
  for (let call = 1; call <= 2; call += 1) expect(await limits.take(owner)).toEqual(allowed);
  expect(await limits.take(owner)).toEqual({ type: "limited", retryAfterMs: 5000 });
  limits.recognise(owner);
  expect(await limits.take(owner)).toEqual({ type: "limited", retryAfterMs: 5000 });
  const stranger = { ...owner, ip: "192.0.2.2" };
  for (let call = 1; call <= 2; call += 1) expect(await limits.take(stranger)).toEqual(allowed);
  expect(await limits.take(stranger)).toEqual({ type: "limited", retryAfterMs: 5000 });
});

test("[P3-19] a network is known for the e-mail that logged in from it, not for others", async () => {
  const { limits } = createAt(0);
  limits.recognise({ ip: "192.0.2.1", email: "ann@example.org" });
  const email = "bob@example.org";
  for (let call = 1; call <= 2; call += 1) {
    expect(await limits.take({ ip: "192.0.2.2", email })).toEqual(allowed);
  }
  expect(await limits.take({ ip: "192.0.2.1", email })).toMatchObject({ type: "limited" });
});

test("[P3-19] a client network makes so many calls in its window, whatever the e-mail", async () => {
  const { time, limits } = createAt(0);
  for (let call = 1; call <= 4; call += 1) {
    const taken = await limits.take({ ip: "2001:db8::1", email: `${call}@example.org` });
    expect(taken).toEqual(allowed);
  }
  const refused = { type: "limited", retryAfterMs: 1000 };
  expect(await limits.take({ ip: "2001:db8::1" })).toEqual(refused);
  expect(await limits.take({ ip: "2001:db8:0:0:ffff::2", email: "ann@x" })).toEqual(refused);
  expect(await limits.take({ ip: "2001:db8:0:1::1" })).toEqual(allowed);
  time.nowMs += 1000;
  expect(await limits.take({ ip: "2001:db8::1" })).toEqual(allowed);
});

test("[P3-19] a call that the network's limit refuses does not count against the e-mail", async () => {
  const { limits } = createAt(0);
  for (let call = 1; call <= 4; call += 1) await limits.take({ ip: "192.0.2.1" });
  for (let call = 1; call <= 9; call += 1) {
    await limits.take({ ip: "192.0.2.1", email: "ann@example.org" });
  }
  expect(await limits.take({ ip: "192.0.2.2", email: "ann@example.org" })).toEqual(allowed);
});

test("[P3-19] in any window no more calls pass than it has points", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 700 }), { maxLength: 60 }), async (pauses) => {
      const { time, limits } = createAt(0);
      let windowEndsAtMs = 0;
      let passed = 0;
      for (const pauseMs of pauses) {
        time.nowMs += pauseMs;
        if (time.nowMs >= windowEndsAtMs) passed = 0;
        if (passed === 0) windowEndsAtMs = time.nowMs + 1000;
        const outcome = await limits.take({ ip: "192.0.2.1" });
        const limited = { type: "limited", retryAfterMs: windowEndsAtMs - time.nowMs };
        expect(outcome).toEqual(passed < 4 ? allowed : limited);
        if (outcome.type === "allowed") passed += 1;
      }
    }),
  );
});

test("[P3-19] when more networks call than can be remembered the quietest is forgotten", async () => {
  const { limits } = createAt(0, 2);
  const exhaust = async (ip: string) => {
    for (let call = 1; call <= 4; call += 1) await limits.take({ ip });
  };
  await exhaust("192.0.2.1");
  await exhaust("192.0.2.2");
  expect(await limits.take({ ip: "192.0.2.1" })).toMatchObject({ type: "limited" });
  await limits.take({ ip: "192.0.2.3" });
  expect(await limits.take({ ip: "192.0.2.1" })).toMatchObject({ type: "limited" });
  expect(await limits.take({ ip: "192.0.2.2" })).toEqual(allowed);
});

test("[P3-19] without settings nothing is limited", async () => {
  const limits = createCredentialLimits(undefined, () => 0);
  for (let call = 1; call <= 100; call += 1) {
    expect(await limits.take({ ip: "192.0.2.1", email: "ann@example.org" })).toEqual(allowed);
  }
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:192.0.2.1", "192.0.2.1"],
  ["::", "0:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["2001:db8::", "2001:db8:0:0::/64"],
  ["2001:0DB8:0:0001::5", "2001:db8:0:1::/64"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["64:ff9b::192.0.2.1", "64:ff9b:0:0::/64"],
  ["1:2:3:4:5:6:192.0.2.1", "1:2:3:4::/64"],
  ["1::5:6:7:8:192.0.2.1", "1:0:5:6::/64"],
  ["192.0.2.1:49152", "192.0.2.1"],
  ["[2001:db8::1]:49152", "2001:db8:0:0::/64"],
  ["[2001:db8::1]", "2001:db8:0:0::/64"],
  ["[::ffff:192.0.2.1]:49152", "192.0.2.1"],
  ["unknown", "unknown"],
])("[P3-19] the network of %s is %s", (ip, network) => {
  expect(clientNetwork(ip)).toBe(network);
});

test("[P3-19] every way to write an IPv6 address is the same network", () => {
  const group = fc.integer({ min: 0, max: 0xffff });
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const full = groups.map((one) => one.toString(16).padStart(4, "0")).join(":");
      // The URL parser writes the shortest form.
      const short = new URL(`http://[${full}]/`).hostname.slice(1, -1);
      expect(clientNetwork(short)).toBe(clientNetwork(full));
    }),
  );
});
