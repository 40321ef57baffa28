import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/.next/**', '**/.data/**', 'build/**', 'test/browser/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // One PostgreSQL for all specs that need one; each spec file makes its own database in it.
    globalSetup: ['./test/postgres.ts'],
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/reports/specs.json' }]] : ['default'],
  },
})
