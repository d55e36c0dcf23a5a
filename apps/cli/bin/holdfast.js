#!/usr/bin/env node
// Starts the CLI: from the TypeScript source in a checkout, from dist in a published package.
// Plain JavaScript without new syntax, so that an old Node reaches the sentence that helps.
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const source = new URL("../src/main.ts", import.meta.url);
const compiled = new URL("../dist/main.js", import.meta.url);

if (Number(process.versions.node.split(".")[0]) < 24) {
  process.stderr.write(
    "Holdfast needs Node.js 24 or newer; this is " +
      process.version +
      ". In a checkout, run it as `npx holdfast`, which brings its own.\n",
  );
  process.exit(1);
}

// Halves the time to start. Never in the shared temporary folder, where others could plant code.
nodeModule.enableCompileCache(
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "holdfast"),
);

if (existsSync(fileURLToPath(source))) {
  // The same switch as `node --conditions=@holdfast/source`, without a second process.
  nodeModule.registerHooks({
    resolve: (specifier, context, nextResolve) =>
      nextResolve(specifier, {
        ...context,
        conditions: [...context.conditions, "@holdfast/source"],
      }),
  });
  await import(source.href);
} else {
  await import(compiled.href);
}
