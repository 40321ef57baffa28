import { defineConfig } from 'vitest/config'

const outside = ['**/node_modules/**', '**/.next/**', '**/.data/**', 'build/**', 'test/browser/**']

/** Specs that ask a PostgreSQL; each makes its own database in it. */
const postgres = [
  'store/**/*.test.ts',
  'test/{answering,bundles,callbacks,calls,contract,crashes,executions,hours,httpRequest,lost,messages,people,publishing,retention,routes,subFlows,tables,templates,trees,values,voicemail}.test.ts',
  'test/webhook.test.ts',
]

/** Specs that take seconds: whole calls, an emulator with keys of its own, all sources or all of Fluent UI, thousands of random runs. */
const slow = [
  'test/**/*.test.ts',
  'house.test.ts',
  'emulator/{contract,control,graph,scripts,world}/**/*.test.ts',
  'emulator/{inProcess,page/pageRoutes,wire/{chat,delivery,entra,guard,misbehave,requestRecords,throttle}}.test.ts',
  'communications/{calling/calling,inbound/proof,requests/calls,road/throttle,road/tokens}.test.ts',
  'designer/inspector/controls.test.ts',
  'speech/flite.test.ts',
  'bot/main.test.ts',
  'scripts/{appPackage/build,start/{bot,start}}.test.ts',
]

export default defineConfig({
  test: {
    maxWorkers: '100%', // Vitest would leave one processor free: of two, half
    expect: { poll: { timeout: 10_000 } }, // what must come does, however busy the machine is
    testTimeout: 30_000,
    hookTimeout: 60_000,
    unstubEnvs: true,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/reports/specs.json' }]] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...outside, ...postgres, ...slow],
          // Files share what they import, which costs more than most of them: no spec here may leave anything behind.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'slow', include: slow, exclude: [...outside, ...postgres] } },
      {
        extends: true,
        test: { name: 'postgres', include: postgres, exclude: outside, globalSetup: ['./test/postgres.ts'] },
      },
    ],
  },
})
