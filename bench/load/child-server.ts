/** A server in a process of its own, that says where it listens and how much processor time it has used. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";

type ChildMessage =
  | { readonly type: "listening"; readonly url: string }
  | { readonly type: "cpu"; readonly microseconds: number };

type ParentMessage = { readonly type: "cpu" } | { readonly type: "stop" };

export interface ChildServer {
  readonly url: string;
  /** User and system time since the process began. */
  cpuMicroseconds(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `bench/servers/<name>.ts`; its standard error is ours. `commitMs`: how much longer each commit takes than on this disk. */
export async function startChildServer(
  name: string,
  args: readonly string[],
  { commitMs = 0 }: { readonly commitMs?: number } = {},
): Promise<ChildServer> {
  const slowDisk = new URL("../servers/slow-disk.ts", import.meta.url).href;
  const child = fork(new URL(`../servers/${name}.ts`, import.meta.url), args, {
    execArgv: ["--conditions=@holdfast/source", ...(commitMs === 0 ? [] : ["--import", slowDisk])],
    env: { ...process.env, HOLDFAST_BENCH_COMMIT_MS: commitMs.toString() },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { url } = await nextMessage(child, "listening");
  return {
    url,
    async cpuMicroseconds() {
      child.send({ type: "cpu" } satisfies ParentMessage);
      return (await nextMessage(child, "cpu")).microseconds;
    },
    async stop() {
      const exited = once(child, "exit");
      child.send({ type: "stop" } satisfies ParentMessage);
      await exited;
    },
  };
}

/** The child's side: answers what the parent asks until it is told to stop. */
export function serveParent(url: string, stop: () => Promise<void>): void {
  const send = (message: ChildMessage): void => {
    process.send?.(message);
  };
  process.on("message", (message: ParentMessage) => {
    if (message.type === "stop") {
      void stop().then(() => process.exit(0));
      return;
    }
    const { user, system } = process.cpuUsage();
    send({ type: "cpu", microseconds: user + system });
  });
  // A benchmark that failed leaves no server behind.
  process.on("disconnect", () => process.exit(1));
  send({ type: "listening", url });
}

async function nextMessage<Type extends ChildMessage["type"]>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<ChildMessage, { readonly type: Type }>> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    const onMessage = (message: ChildMessage): void => {
      if (message.type !== type) return;
      leave();
      resolve(message as Extract<ChildMessage, { readonly type: Type }>);
    };
    const onExit = (code: number | null): void => {
      leave();
      reject(new Error(`the server ended with ${String(code)} before it answered`));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
  });
}
