/** Edits and syncs one device until it is killed; prints what is done. Arguments: profile folder. */
import { createDevice } from "@holdfast/client";
import { systemClock, systemRandomBytes } from "@holdfast/client/browser";
import { openProtocolMemoryFolder } from "@holdfast/client/node";
import { openNodeSocket } from "../../packages/client/src/adapters/node/node-socket.ts";
import { openProfileFolder } from "../../packages/client/src/adapters/node/profile-folder.ts";
import { cheapScrypt } from "./cheap-scrypt.ts";

const [folder = "", from = "0"] = process.argv.slice(2);
const device = createDevice({
  store: openProfileFolder(folder),
  protocolMemory: openProtocolMemoryFolder(`${folder}-used-with-protocol-4`),
  fetch,
  openSocket: openNodeSocket,
  scrypt: cheapScrypt,
  clock: systemClock,
  randomBytes: systemRandomBytes,
});
for (let edit = Number(from) + 1; ; edit += 1) {
  const saved = await device.setPreference(`edit-${edit}`, `${edit}`);
  process.stdout.write(`${saved.type} ${edit}\n`);
  const synced = await device.sync();
  process.stdout.write(`${synced.type} ${edit}\n`);
}
