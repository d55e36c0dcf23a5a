import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const binary = fileURLToPath(new URL("../../../apps/cli/bin/holdfast.js", import.meta.url));

/** A `holdfast serve` of its own process, as a person starts it. */
export interface ServerProcess {
  readonly url: string;
  /** Everything it has printed so far, standard output and standard error. */
  output(): string;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL: no chance to finish anything. */
  kill(): Promise<void>;
}

/** Starts a server on a free loopback port, by default in the development profile; rejects with what it printed if it ends. */
export async function startServerProcess(options: {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<ServerProcess> {
  const { dataDir, args = ["--development"], env = {} } = options;
  const child = spawn(
    process.execPath,
    [binary, "serve", "--port", "0", "--data", dataDir, ...args],
    { env: { PATH: process.env["PATH"], ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const exited = once(child, "exit") as Promise<[number | null]>;
  let output = "";
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const listening = /http:\/\/(?:localhost|127\.0\.0\.1):\d+/.exec(output);
      if (listening !== null) resolve(listening[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`the server ended with ${String(code)} before it listened:\n${output}`));
    });
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    url,
    output: () => output,
    stop: () => end("SIGTERM"),
    async kill() {
      await end("SIGKILL");
    },
  };
}
