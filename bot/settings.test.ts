import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from './settings.ts'

const real = {
  DATABASE_URL: 'postgres://localhost/flows',
  PUBLIC_URL: 'https://bot.contoso.example/',
  BOT_APP_ID: '0efc74f7-41c3-47a4-8775-7259bfef4241',
  BOT_APP_SECRET: 'a secret of the bot',
  BOT_TENANT_ID: '1fdd12d0-4620-44ed-baec-459b611f84b2',
}

const refusal = (environment: Record<string, string>) => {
  try {
    readSettings(environment)
    return null
  } catch (error) {
    if (error instanceof SettingsError) return error.message
    throw error
  }
}

it('reads the settings of a bot that is configured for Teams', () => {
  expect(readSettings(real)).toMatchObject({ publicUrl: 'https://bot.contoso.example', port: 3978, services: {} })
})

it('speaks to an emulator on this machine by its addresses alone', () => {
  const { services } = readSettings({ ...real, EMULATOR_URL: 'http://127.0.0.1:3979' })
  expect(services).toMatchObject({
    graphUrl: 'http://127.0.0.1:3979',
    callsOpenIdUrl: 'http://127.0.0.1:3979/v1/.well-known/OpenIdConfiguration',
  })
})

describe('it does not start', () => {
  it.each(['BOT_APP_ID', 'BOT_APP_SECRET', 'BOT_TENANT_ID'])('without %s', (name) => {
    expect(refusal({ ...real, [name]: '' })).toContain(name)
  })
  it('with an app id that is none', () => expect(refusal({ ...real, BOT_APP_ID: 'me' })).toContain('BOT_APP_ID'))
  it('at an address that Graph cannot call back', () =>
    expect(refusal({ ...real, PUBLIC_URL: 'http://bot.example' })).toContain('https'))
  it('with an emulator on another machine', () =>
    expect(refusal({ ...real, EMULATOR_URL: 'http://10.0.0.5:3979' })).toContain('this machine'))
  it('without a database', () => expect(refusal({ ...real, DATABASE_URL: '' })).toContain('DATABASE_URL'))
})

it('never shows the value of a setting that is wrong', () => {
  expect(refusal({ ...real, BOT_APP_ID: 'hunter2' })).not.toContain('hunter2')
})
