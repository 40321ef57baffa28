import { defineConfig } from 'vitest/config'

/** The pages in a real Chromium, over everything that `npm start` starts. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['./test/browser/shared.ts'],
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 120_000,
    hookTimeout: 240_000,
    maxWorkers: 2, // each with a Chromium, and mostly a product, of its own; they wait more than they reckon
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/reports/browser.json' }]] : ['default'],
  },
})
