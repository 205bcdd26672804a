import { defineConfig } from 'vitest/config'

// The console as people use it: a real server, a real browser. One after the other: they share two cores.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    bail: 0,
    // Where nobody looks on, a machine that is busy with something else for a moment refuses nothing; a mistake fails twice.
    retry: process.env.CI ? 1 : 0,
    expect: { poll: { timeout: 15_000 } },
  },
})
