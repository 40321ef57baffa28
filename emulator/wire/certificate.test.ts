import { X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificate, openCertificate } from './certificate.ts'

const outside = mkdtempSync(join(tmpdir(), 'certificate-'))
afterAll(() => rmSync(outside, { recursive: true }))

describe('a certificate of our own', () => {
  it('is for the names and addresses that it was made for, and fits its key', () => {
    const names = ['localhost', 'emulator', '127.0.0.1', '::1', 'fd00::1:2', '2001:db8:1:2:3:4:5:6']
    const { cert, key } = makeCertificate(names)
    const read = new X509Certificate(cert)
    for (const name of ['localhost', 'emulator']) expect(read.checkHost(name)).toBe(name)
    expect(read.checkHost('elsewhere')).toBeUndefined()
    for (const address of names.slice(2)) expect([address, read.checkIP(address)]).toEqual([address, address])
    expect(read.checkIP('127.0.0.2')).toBeUndefined()
    expect(() => createSecureContext({ cert, key })).not.toThrow()
  })

  it('is signed by itself, signs no other, and lives no longer than every system accepts', () => {
    const now = Date.parse('2026-11-29T12:34:56Z')
    const read = new X509Certificate(makeCertificate(['localhost'], now).cert)
    expect(read.verify(read.publicKey)).toBe(true)
    expect(read.ca).toBe(false)
    expect(read.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(new Date(read.validFrom).toISOString()).toBe('2026-11-28T12:34:56.000Z')
    expect(Date.parse(read.validTo) - Date.parse(read.validFrom)).toBe(825 * 24 * 3_600_000)
  })

  it('can be for many names', () => {
    const names = Array.from({ length: 200 }, (_none, n) => `emulator-${n}.example`)
    expect(new X509Certificate(makeCertificate(names).cert).checkHost('emulator-199.example')).toBeTruthy()
  })

  it('has another serial number each time, and never a negative one', () => {
    const serials = Array.from(
      { length: 50 },
      () => new X509Certificate(makeCertificate(['localhost']).cert).serialNumber,
    )
    expect(new Set(serials).size).toBe(50)
    for (const serial of serials) expect(serial).not.toMatch(/^-/)
  })
})

describe('the certificate that is kept', () => {
  const folder = join(outside, 'data')
  const files = ['emulator-certificate.pem', 'emulator-key.pem'].map((name) => join(folder, name))

  it('stays the same from start to start, and only its owner may read it', () => {
    const { path, ...made } = openCertificate({ folder })
    expect(openCertificate({ folder })).toEqual({ ...made, path })
    expect(readFileSync(path, 'utf8')).toBe(made.cert)
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600)
    const read = new X509Certificate(made.cert)
    for (const name of ['localhost', 'emulator.localhost']) expect(read.checkHost(name)).toBeTruthy()
    for (const address of ['127.0.0.1', '::1']) expect(read.checkIP(address)).toBe(address)
  })

  it.each([
    ['a new name is to be served', () => {}, ['emulator']],
    ['its file is no certificate', () => writeFileSync(files[0] ?? '', 'nonsense'), []],
    ['its key is another', () => writeFileSync(files[1] ?? '', makeCertificate(['localhost']).key), []],
    ['its key is gone', () => rmSync(files[1] ?? ''), []],
    ['it ends soon', () => keepOld(Date.now() - 800 * 24 * 3_600_000), []],
  ])('is made anew when %s', (_what, spoil, more) => {
    const before = openCertificate({ folder })
    for (const file of files) chmodSync(file, 0o644)
    spoil()
    const after = openCertificate({ folder }, more)
    expect(after.cert).not.toBe(before.cert)
    expect(openCertificate({ folder }, more)).toEqual(after)
    for (const file of files) expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  function keepOld(now: number): void {
    const { cert, key } = makeCertificate(['localhost', 'emulator.localhost', '*.localhost', '127.0.0.1', '::1'], now)
    for (const [n, text] of [cert, key].entries()) writeFileSync(files[n] ?? '', text)
  }
})

it('of a user is taken as it is, and what is none is refused with the names of the settings', () => {
  const [certificate, key, other] = ['given.pem', 'given-key.pem', 'other-key.pem'].map((name) =>
    join(outside, name),
  ) as [string, string, string]
  const made = makeCertificate(['bot.example'])
  writeFileSync(certificate, made.cert)
  writeFileSync(key, made.key)
  writeFileSync(other, makeCertificate(['bot.example']).key)
  expect(openCertificate({ certificate, key })).toMatchObject(made)
  for (const wrong of [
    { certificate, key: other },
    { certificate: key, key },
    { certificate: join(outside, 'none.pem'), key },
  ]) {
    expect(() => openCertificate(wrong)).toThrow(/EMULATOR_CERTIFICATE and EMULATOR_KEY.*\(.+\)/)
  }
})
