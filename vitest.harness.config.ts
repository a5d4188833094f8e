import { defineConfig } from "vitest/config"

/** Kills and damage by the hundred, over whole runs: half an hour on a quiet machine, hours on a busy one, started by hand. */
export default defineConfig({
  test: {
    include: ["test/harness/**/*.test.ts"],
    testTimeout: 14_400_000,
    hookTimeout: 600_000,
    fileParallelism: false
  }
})
