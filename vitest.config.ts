import { defineConfig } from "vitest/config";

const conditions = ["@holdfast/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // Real server processes, sockets and scrypt share two cores: generous, so that a slow machine is not a failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for processes and disks, so two at a time use two cores better than one.
    maxWorkers: 2,
    setupFiles: ["./tests/property-seed.ts"],
    reporters: ["default", "./tests/reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.ts"],
          // One file after the other in the same process, so that each loads only what is new: none of them changes anything global.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: "end-to-end", include: ["tests/**/*.test.ts"] },
      },
    ],
  },
});
