import { createPublicKey, generateKeyPairSync, randomBytes, sign, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { createSecureContext } from 'node:tls'

/**
 * A certificate of our own, for https on this machine. Node reads certificates and makes none, so this writes the one form that we
 * need in DER (RFC 5280). It is signed by itself and can sign no other: whoever trusts it trusts this server and nobody else.
 */

/** Both in PEM. */
export type Certificate = { cert: string; key: string }

const dayMs = 24 * 3_600_000
/** The longest that Apple's systems accept. */
const lifeMs = 825 * dayMs
/** One that ends sooner is made anew. */
const leastLeftMs = 30 * dayMs

/** What this machine is called by itself. Node and OpenSSL take no `*.localhost`, hence one name of the kind. */
const ownNames = ['localhost', 'emulator.localhost', '*.localhost', '127.0.0.1', '::1']

/**
 * The certificate to serve https with: out of files, or the one that is kept in a folder for this machine's names and `more`.
 * @throws Error naming the settings when the files hold none
 */
export function openCertificate(
  where: { certificate: string; key: string } | { folder: string },
  more: readonly string[] = [],
): Certificate & { path: string } {
  if ('folder' in where) return keepCertificate(where.folder, [...ownNames, ...more])
  try {
    const read = readBoth(where.certificate, where.key)
    createSecureContext(read)
    return { ...read, path: where.certificate }
  } catch (error) {
    throw new Error(
      `EMULATOR_CERTIFICATE and EMULATOR_KEY do not name PEM files of a certificate and its key (${error instanceof Error ? error.message : error}).`,
    )
  }
}

const readBoth = (path: string, keyPath: string): Certificate => ({
  cert: readFileSync(path, 'utf8'),
  key: readFileSync(keyPath, 'utf8'),
})

/**
 * The certificate for these names that is kept in the folder. It is made when there is none, or none that serves any longer. Only
 * who runs this may read the files.
 * @returns also the path of the certificate, for clients that are to trust it
 */
function keepCertificate(folder: string, names: readonly string[]): Certificate & { path: string } {
  const [path, keyPath] = [resolve(folder, 'emulator-certificate.pem'), resolve(folder, 'emulator-key.pem')]
  try {
    const kept = readBoth(path, keyPath)
    if (serves(kept, names)) return { ...kept, path }
  } catch {
    // There is none, or it cannot be read.
  }
  const made = makeCertificate(names)
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of [
    [keyPath, made.key],
    [path, made.cert],
  ] as const) {
    rmSync(file, { force: true }) // a file that is there would keep its mode
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  }
  return { ...made, path }
}

/** Throws for what is no certificate. */
function serves({ cert, key }: Certificate, names: readonly string[]): boolean {
  const known = new X509Certificate(cert)
  const isOurs = known.publicKey.equals(createPublicKey(key))
  const isFresh = Date.parse(known.validTo) - Date.now() > leastLeftMs
  return isOurs && isFresh && names.every((name) => (isIP(name) ? known.checkIP(name) : isNamed(known, name)))
}

const isNamed = ({ subjectAltName = '' }: X509Certificate, name: string) =>
  subjectAltName.split(', ').includes(`DNS:${name}`)

/** A new key and a certificate for these host names and addresses, from yesterday on, since clocks differ. */
export function makeCertificate(names: readonly string[], now = Date.now()): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const commonName = sequence(oid('550403'), der(tags.utf8, Buffer.from('Graph calls emulator')))
  const subject = sequence(der(tags.set, commonName))
  const content = sequence(
    der(tags.explicit0, integer(Buffer.from([2]))), // version 3
    integer(randomBytes(16)),
    ecdsaWithSha256,
    subject, // as issuer
    sequence(utcTime(now - dayMs), utcTime(now - dayMs + lifeMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(tags.explicit3, sequence(...extensionsFor(names))),
  )
  const whole = sequence(content, ecdsaWithSha256, bits(Buffer.from([0]), sign('sha256', content, privateKey)))
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  explicit0: 0xa0,
  explicit3: 0xa3,
  dnsName: 0x82,
  ipAddress: 0x87,
} as const

/** One value of ASN.1: its tag, how long it is, and what it holds. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

const sequence = (...parts: Uint8Array[]) => der(tags.sequence, ...parts)
const bits = (...parts: Uint8Array[]) => der(tags.bitString, ...parts)
const oid = (hex: string) => der(tags.oid, Buffer.from(hex, 'hex'))
const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
/** Never negative: a leading 1 bit would be the sign. */
const integer = (bytes: Buffer) => der(tags.integer, Buffer.from([bytes.readUInt8() & 0x7f || 1]), bytes.subarray(1))
/** `YYMMDDhhmmssZ`, which serves until 2049. */
const utcTime = (ms: number) =>
  der(tags.utcTime, Buffer.from(`${new Date(ms).toISOString().replace(/^..|[-:T]|\..*/g, '')}Z`))

function extensionsFor(names: readonly string[]): Buffer[] {
  const extension = (id: string, value: Buffer, ...critical: Buffer[]) =>
    sequence(oid(id), ...critical, der(tags.octets, value))
  const critical = der(tags.boolean, Buffer.from([0xff]))
  const alternatives = names.map((name) =>
    isIP(name) ? der(tags.ipAddress, addressBytes(name)) : der(tags.dnsName, Buffer.from(name)),
  )
  return [
    extension('551d13', sequence(), critical), // basicConstraints: signs no other certificate
    extension('551d0f', bits(Buffer.from([7, 0x80])), critical), // keyUsage: digitalSignature
    extension('551d25', sequence(oid('2b06010505070301'))), // extendedKeyUsage: serverAuth
    extension('551d11', sequence(...alternatives)), // subjectAltName
  ]
}

/** The 4 or 16 bytes of an address. */
function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  // A URL writes it without zones and dotted parts; `::` stands for the groups that are missing.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string) => part.split(':').filter(Boolean)
  const left = groups(head)
  const right = groups(tail ?? '')
  const none = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return Buffer.from([...left, ...none, ...right].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
