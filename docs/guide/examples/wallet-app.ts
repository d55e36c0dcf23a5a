// A wallet app in one file: opens the wallet of this folder, unlocks it, changes something, and shows what comes from other devices.
//   HOLDFAST_PASSWORD=… npx node --conditions=@holdfast/source docs/guide/examples/wallet-app.ts http://localhost:8090 you@example.com ./my-wallet
import { createProtocol3Source, createWalletClient, Secret } from "@holdfast/client";
import { nodePlatform, openWalletFolder } from "@holdfast/client/node";
import { lbryFormat, listPreferences, setPreference } from "@holdfast/wallet/lbry";

const [server = "", email = "", folder = ""] = process.argv.slice(2);
const password = new Secret(process.env["HOLDFAST_PASSWORD"] ?? "");

const wallet = createWalletClient({
  format: lbryFormat,
  store: openWalletFolder(folder),
  source: createProtocol3Source({ server, ...nodePlatform }),
  ...nodePlatform,
});

let said = "";
wallet.subscribe(({ sentence, document }) => {
  const names = document === null ? [] : [...listPreferences(document).keys()];
  const line = `${sentence} [${names.join(", ")}]\n`;
  if (line !== said) process.stdout.write(line);
  said = line;
});

const opened = await wallet.open();
if (opened.type !== "open") throw new Error(`The wallet cannot be opened: ${opened.type}`);

// Edits need no account and no network. What is made before signing in is merged with what the account has.
await wallet.edit((document) => setPreference(document, "animal", "cow", Date.now() / 1000));

const unlocked = await wallet.unlock({ type: "password", email, password });
if (unlocked.type !== "unlocked") throw new Error(`The wallet stays locked: ${unlocked.type}`);

await wallet.sync();
await wallet.close();
