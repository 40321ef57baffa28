import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from './settings.ts'

const real = {
  DATABASE_URL: 'postgres://localhost/flows',
  PUBLIC_URL: 'https://bot.contoso.example/',
  BOT_APP_ID: '0efc74f7-41c3-47a4-8775-7259bfef4241',
  BOT_APP_SECRET: 'a secret of the bot',
  BOT_TENANT_ID: '1fdd12d0-4620-44ed-baec-459b611f84b2',
}

const local = { ...real, PUBLIC_URL: 'https://bot.localhost' }

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
  const { services } = readSettings({ ...local, EMULATOR_URL: 'http://127.0.0.1:3979/' })
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
    expect(refusal({ ...local, EMULATOR_URL: 'http://10.0.0.5:3979' })).toContain('this machine'))
  it('without a database', () => expect(refusal({ ...real, DATABASE_URL: '' })).toContain('DATABASE_URL'))
})

describe('it does not start as a bot in Teams', () => {
  it('with an emulator left over, and names both', () => {
    const said = refusal({ ...real, EMULATOR_URL: 'http://127.0.0.1:3979' })
    expect(said).toContain('EMULATOR_URL')
    expect(said).toContain('PUBLIC_URL')
  })

  it.each([
    ['GRAPH_URL', 'http://127.0.0.1:3979'],
    ['LOGIN_URL', 'https://localhost:3979'],
    ['GRAPH_URL', 'http://192.168.1.7'],
    ['LOGIN_URL', 'http://login.microsoftonline.us'],
    ['NODE_TLS_REJECT_UNAUTHORIZED', '0'],
    ['TAB_URL', 'javascript:alert(1)'],
    ['BOT_HOST', ' '],
    ['BOT_APP_SECRET', ' '],
    ['BOT_APP_SECRET', 'copied with the end of its line\n'],
    ['BOT_APP_ID', '00000000-0000-0000-0000-000000000000'],
    ['BOT_TENANT_ID', '00000000-0000-0000-0000-000000000000'],
    ['BOT_TENANT_ID', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
    ['BOT_TENANT_ID', 'common'],
  ])('with %s=%j', (name, value) => expect(refusal({ ...real, [name]: value })).toContain(name))

  it('with a certificate whose key is none', () => {
    const certificate = { BOT_APP_SECRET: '', BOT_CERTIFICATE_THUMBPRINT: 'ab'.repeat(32), BOT_CERTIFICATE_KEY: 'key' }
    expect(refusal({ ...real, ...certificate })).toContain('BOT_CERTIFICATE_KEY')
  })

  it.each([
    'https://bot.contoso.com?x=1',
    'https://bot.contoso.com/#here',
    'https://ada:secret@bot.contoso.com',
    'https://bot.localhost',
    'https://localhost:3978',
    'https://127.0.0.1',
    'https://127.1',
    'https://0x7f.1',
    'https://2130706433',
    'https://0.0.0.0',
    'https://10.1.2.3',
    'https://172.31.0.1',
    'https://192.168.0.10',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://[::1]',
    'https://[::]',
    'https://[fd00::1]',
    'https://[fe80::1]',
    'https://[::ffff:10.0.0.1]',
    'https://bot',
    'https://bot.local',
    'https://bot.contoso.internal',
    'https://bot.lan.',
  ])('at %s', (PUBLIC_URL) => expect(refusal({ ...real, PUBLIC_URL })).toContain('PUBLIC_URL'))
})

it.each([
  ['behind a proxy', { PUBLIC_URL: 'https://apps.contoso.com/phone/bot/' }],
  ['at a public number', { PUBLIC_URL: 'https://172.32.0.1' }],
  [
    'in the cloud of the US government',
    { GRAPH_URL: 'https://graph.microsoft.us', LOGIN_URL: 'https://login.microsoftonline.us' },
  ],
  ['with settings left empty', { EMULATOR_URL: '', GRAPH_URL: '', TAB_URL: '' }],
  ['with certificates looked at', { NODE_TLS_REJECT_UNAUTHORIZED: '1' }],
])('starts %s', (_what, more: Record<string, string>) => expect(refusal({ ...real, ...more })).toBeNull())

it('never shows the value of a setting that is wrong', () => {
  expect(refusal({ ...real, BOT_APP_SECRET: 'hunter2 ' })).not.toContain('hunter2')
})
