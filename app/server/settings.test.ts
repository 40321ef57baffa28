import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

const id = '7d3b8c1e-58f5-4a0e-9b52-3a8a4a1f2c11'
const base = { DATABASE_URL: 'postgresql://localhost/flows', BOT_TENANT_ID: id, BOT_APP_ID: id }
const local = { ...base, LOCAL_MODE: '1', EMULATOR_URL: 'http://127.0.0.1:3979' }

describe('settings', () => {
  it('are not local unless somebody says so', () => {
    expect(readSettings({ ...base, EMULATOR_URL: 'http://127.0.0.1:3979' }).local).toBeNull()
    expect(readSettings(local).local).toEqual({ emulatorUrl: 'http://127.0.0.1:3979' })
  })

  it.each([
    ['an emulator on another machine', { EMULATOR_URL: 'http://10.0.0.5:3979' }, 'EMULATOR_URL'],
    ['an emulator that is only called localhost', { EMULATOR_URL: 'http://localhost.example.com' }, 'EMULATOR_URL'],
    ['no emulator', { EMULATOR_URL: undefined }, 'EMULATOR_URL'],
    ['an address that other machines reach', { DESIGNER_HOST: '0.0.0.0' }, 'DESIGNER_HOST'],
    ['a name that other machines may know', { DESIGNER_HOST: 'localhost.example.com' }, 'DESIGNER_HOST'],
    ['a public bot', { PUBLIC_URL: 'https://bot.contoso.com' }, 'PUBLIC_URL'],
  ])('refuse local mode with %s', (_, wrong, name) => {
    expect(() => readSettings({ ...local, ...wrong })).toThrow(name)
  })

  it.each(['127.0.0.1', 'localhost', '::1'])('let local mode listen on %s', (host) =>
    expect(readSettings({ ...local, DESIGNER_HOST: host }).host).toBe(host),
  )

  it('let a designer that people sign in to listen anywhere', () =>
    expect(readSettings({ ...base, DESIGNER_HOST: '0.0.0.0', PORT: '8080' })).toMatchObject({
      ...{ host: '0.0.0.0', port: 8080, local: null },
    }))

  it('let programs in by a token that nobody guesses', () => {
    const API_TOKEN = 'x'.repeat(32)
    expect(readSettings({ ...base, API_TOKEN }).apiToken).toBe(API_TOKEN)
    expect(readSettings({ ...base, API_TOKEN: '' }).apiToken).toBeNull()
    expect(() => readSettings({ ...base, API_TOKEN: 'guessed' })).toThrow(/API_TOKEN.*32 characters/)
    expect(() => readSettings({ ...base, API_TOKEN: 'guessed' })).not.toThrow(/guessed/)
  })

  it('name what is missing, and no value', () => {
    const read = () => readSettings({ ...local, DATABASE_URL: 'mysql://root:secret@host/db', BOT_TENANT_ID: undefined })
    expect(read).toThrow(/DATABASE_URL[\s\S]*BOT_TENANT_ID/)
    expect(read).not.toThrow(/secret/)
  })
})
