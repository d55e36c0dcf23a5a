/** Holds a profile folder's lock until it is killed. */
import { openProfileFolder } from "../../packages/client/src/adapters/node/profile-folder.ts";

const outcome = await openProfileFolder(process.argv[2] ?? "").lock(0);
process.stdout.write(`${outcome.type}\n`);
setInterval(() => undefined, 60_000);
