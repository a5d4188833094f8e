import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/slow/**", "test/harness/**", "test/fixtures/**"],
    // The usual number leaves one core free: of two, that is half of the machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // For a machine that has much else to do: no test is about time.
    testTimeout: 400_000,
    hookTimeout: 400_000
  }
})
