import { defineConfig } from "vitest/config"

/** Suites that take minutes: CI runs them after `npm test`. */
export default defineConfig({
  test: { include: ["test/slow/**/*.test.ts"], testTimeout: 1_800_000, hookTimeout: 600_000, fileParallelism: false }
})
