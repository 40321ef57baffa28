import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { buildEmulator } from '../emulator.ts'
import { allCallPermissions } from '../settings.ts'
import { wav } from '../testing/testBot.ts'
import { appId, publicUrl, secret, tenantId } from '../testing/testLine.ts'
import { readScriptFile, reportOf, runToEnd } from './scriptCommand.ts'

const outside = mkdtempSync(join(tmpdir(), 'scripts-'))
const folder = join(outside, 'here')
mkdirSync(join(folder, 'sounds'), { recursive: true })
afterAll(() => rmSync(outside, { recursive: true }))

/** A script file that speaks this file. */
function speaking(name: string): string {
  const path = join(folder, 'script.yaml')
  writeFileSync(path, `calls:\n  - from: { phone: "+14255550142" }\n    do: [speak: ${name}]\n`)
  return path
}

describe('the sounds of a script file', () => {
  it('are read from its folder and those below', () => {
    writeFileSync(join(folder, 'hello.wav'), wav())
    writeFileSync(join(folder, 'sounds', 'deep.wav'), wav({ ms: 100 }))
    for (const name of ['hello.wav', 'sounds/deep.wav']) {
      expect(Object.keys(readScriptFile(speaking(name)).sounds ?? {})).toEqual([name])
    }
  })

  it('are not read from anywhere else, also not by a link', () => {
    writeFileSync(join(outside, 'secret.wav'), wav())
    symlinkSync(join(outside, 'secret.wav'), join(folder, 'link.wav'))
    for (const name of ['../secret.wav', 'link.wav', 'sounds/../../secret.wav']) {
      expect(() => readScriptFile(speaking(name))).toThrow('is not in the folder of the script')
    }
    expect(() => readScriptFile(speaking('none.wav'))).toThrow('there is no such file beside the script')
  })
})

it('runs to its end in virtual time, and tells what each actor who failed did', async () => {
  const app = { appId, secret, tenantId, webhook: `${publicUrl}/api/calls`, permissions: allCallPermissions }
  const emulator = buildEmulator({ apps: [app], time: 'virtual' }, undefined, { post: async () => ({ status: 202 }) })
  const run = await runToEnd(emulator, {
    people: [{ name: 'Ann', do: [{ wait: '1h' }] }],
    calls: [{ from: 'Ann', do: [{ press: '1' }] }],
    within: '2h',
  })
  expect(reportOf(run).split('\n')).toEqual([
    'failed after 3600.0 s',
    'Ann: did all 1 steps',
    'Ann: is on no call any more: ended by the service',
    '     0.0 s  done: call the bot (the bot did not answer: ended by the service)',
    '    15.0 s  failed: press: 1 (is on no call any more: ended by the service)',
  ])
  await emulator.server.close()
})
