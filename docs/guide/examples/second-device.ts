// A wallet app in one file: logs a device in, brings its wallet up to date, changes something, and shares it.
//   npx node --conditions=@holdfast/source docs/guide/examples/second-device.ts http://localhost:8090 you@example.com ./my-app
import { describeFailure, Secret } from "@holdfast/client";
import { createNodeDevice } from "@holdfast/client/node";
import { formatJson } from "@holdfast/wallet/lbry";

const [server = "", email = "", folder = ""] = process.argv.slice(2);
const password = process.env["HOLDFAST_PASSWORD"] ?? "";

const device = createNodeDevice(folder);
const login = await device.login({ server, email, password: new Secret(password) });
if (login.type !== "logged-in") throw new Error(describeFailure(login));

await device.setPreference("animal", "cow");
const outcome = await device.sync();
if (outcome.type !== "synced") throw new Error(describeFailure(outcome));
process.stdout.write(`in sync at revision ${outcome.sequence}\n`);

const listed = await device.listPreferences();
if (listed.type !== "preferences") throw new Error(describeFailure(listed));
for (const [key, value] of listed.preferences) {
  process.stdout.write(`${key} = ${formatJson(value)}\n`);
}
