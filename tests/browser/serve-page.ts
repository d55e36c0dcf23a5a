import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** No inline script, no eval; what an app that holds keys should send. */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*",
].join("; ");

export type PageServer = { readonly url: string; close(): Promise<void> };

/** The page of this folder, bundled as an app's would be, on `localhost`, which browsers take for a secure context. */
export async function servePage(folder: URL): Promise<PageServer> {
  const files = await bundle(fileURLToPath(folder));
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? "", "http://localhost").pathname);
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": file?.type ?? "text/plain",
      "content-security-policy": policy,
    });
    response.end(file?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type ServedFile = { readonly type: string; readonly body: string | Uint8Array };

async function bundle(root: string): Promise<ReadonlyMap<string, ServedFile>> {
  const built = await build({
    root,
    configFile: false,
    logLevel: "error",
    resolve: { conditions: ["@holdfast/source", "module", "browser", "production"] },
    worker: { format: "es" },
    build: { write: false, target: "es2024", modulePreload: false },
  });
  const outputs = Array.isArray(built) ? built : [built];
  const files = new Map<string, ServedFile>();
  for (const output of outputs) {
    if (!("output" in output)) throw new Error("the page is built once, not watched");
    for (const file of output.output) {
      const body = file.type === "chunk" ? file.code : file.source;
      const name = file.fileName === "index.html" ? "" : file.fileName;
      files.set(`/${name}`, { type: typeOf(file.fileName), body });
    }
  }
  return files;
}

function typeOf(name: string): string {
  return name.endsWith(".html") ? "text/html" : "text/javascript";
}
