import { defineConfig } from 'vitest/config'

/** The pages in a real Chromium, over everything that `npm start` starts. */
export default defineConfig({
  test: {
    include: ['test/browser/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/reports/browser.json' }]] : ['default'],
  },
})
