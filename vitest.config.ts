import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '**/.next/**', 'test/browser/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // One PostgreSQL for all specs that need one; each spec file makes its own database in it.
    globalSetup: ['./test/postgres.ts'],
  },
})
