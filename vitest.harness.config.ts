import { defineConfig } from "vitest/config"

/** Kills and damage by the hundred, over whole runs: half an hour and more, started by hand. */
export default defineConfig({
  test: {
    include: ["test/harness/**/*.test.ts"],
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    fileParallelism: false
  }
})
