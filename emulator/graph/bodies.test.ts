import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { contractIsThere, contractValidator, readContract } from '../testing/testContract.ts'
import { audioRoutingOperations } from './audioRoutingGroups.ts'
import { graphType } from './bodies.ts'
import { callOperations } from './calls.ts'
import { mediaOperations } from './media.ts'
import { operations } from './operations.ts'
import { participantOperations } from './participants.ts'

/** By operation, of those that the contract has a schema for. What is beside calls has tests of its own; see resources.test.ts. */
const bodies = Object.fromEntries(
  [callOperations, mediaOperations, participantOperations, audioRoutingOperations]
    .flat()
    .flatMap(({ operation, body }) => (body && !operation.startsWith('call-log') ? [[operation, body]] : [])),
)
const bodyOf = (name: string) => operations.find(({ operation }) => operation === name)?.body?.strict
const schemas = Object.fromEntries(Object.entries(bodies).map(([name, { strict }]) => [name, strict]))

it('takes http on this machine only where a setting allows it', () => {
  const rejection = (callbackUri: string) => ({ reason: 'busy', callbackUri })
  expect(bodies['call-reject']?.strict.safeParse(rejection('http://127.0.0.1:3978/calls')).success).toBe(false)
  expect(bodies['call-reject']?.loopback.safeParse(rejection('http://127.0.0.1:3978/calls')).success).toBe(true)
  expect(bodies['call-reject']?.loopback.safeParse(rejection('http://bot.example.com/calls')).success).toBe(false)
})

describe('members of another type than they are documented with', () => {
  const path = 'microsoft.graph.teleconferenceDevice'
  const audio = { '@odata.type': `#${path}AudioQuality`, channelIndex: 1 }
  const qualityOf = (media: unknown) => ({ quality: { deviceName: 'room', mediaQualityList: [media] } })
  const log = bodyOf('call-logteleconferencedevicequality')
  it.each([
    [{ ...audio, localPort: 5061, inboundPackets: 5, mediaDuration: 'PT1M', averageInboundJitter: null }, true],
    [{ '@odata.type': `${path}VideoQuality`, averageInboundBitRate: 1.5, remoteIPAddress: '10.0.0.1' }, true],
    [{ ...audio, localPort: 'five' }, false],
    [{ ...audio, localPort: 5061.5 }, false],
    [{ ...audio, channelIndex: null }, false],
    [{ ...audio, mediaDuration: 'a minute' }, false],
    [{ ...audio, remoteIPAddress: 10 }, false],
    [{ ...audio, inboundPackets: '5' }, false],
    [{ ...audio, averageInboundPacketLossRateInPercentage: 'few' }, false],
    [{ ...audio, averageInboundBitRate: 1 }, false],
    [{ channelIndex: 1 }, false],
    [null, false],
  ])('are refused in media qualities: %j', (media, isRight) => {
    expect(log?.safeParse(qualityOf(media)).success).toBe(isRight)
    if (!contractIsThere) return
    const validate = contractValidator('requests.v1.json#/$defs/call-logteleconferencedevicequality')
    expect(validate(qualityOf(media))).toBe(isRight)
  })

  const meetings = { 'onlinemeeting-create': {}, 'onlinemeeting-update': {} }
  const call = {
    callbackUri: 'https://bot.contoso.com/callback',
    targets: [{ identity: { user: { id: 'x' } } }],
    requestedModalities: ['audio'],
    mediaConfig: { '@odata.type': '#microsoft.graph.serviceHostedMediaConfig' },
  }
  const lists = 'attendanceReports recordings transcripts'
  const objects = 'audioConferencing broadcastSettings cloudVideoInteropInfo joinInformation'
  const texts =
    'attendeeReport creationDateTime expiryDateTime id joinWebUrl meetingOptionsWebUrl videoTeleconferenceId'
  it.each([
    ...Object.entries(meetings).flatMap(([name, body]) => [
      ...lists.split(' ').map((member) => [name, body, member, 'nope', []] as const),
      ...objects.split(' ').map((member) => [name, body, member, 'nope', null] as const),
      ...texts.split(' ').map((member) => [name, body, member, 7, undefined] as const),
      [name, body, 'meetingType', 'nope', 'scheduled'] as const,
    ]),
    ...'audioRoutingGroups callRoutes contentSharingSessions operations participants'
      .split(' ')
      .map((member) => ['create-call', call, member, 'nope', []] as const),
    ...'answeredBy applicationMetadata incomingContext mediaState meetingCapability resultInfo toneInfo transcription'
      .split(' ')
      .map((member) => ['create-call', call, member, 'nope', null] as const),
    ['create-call', call, 'state', 'nope', 'incoming'] as const,
  ])('are refused in the body of %s %j: %s', (name, body, member, wrong, right) => {
    const schema = bodyOf(name)
    expect(schema?.safeParse({ ...body, [member]: wrong }).success).toBe(false)
    expect(schema?.safeParse({ ...body, [member]: right }).error).toBeUndefined()
  })
})

it('has the contract at hand where it counts', (context) => {
  if (!contractIsThere && !process.env.CI) context.skip('the contract folder shared/graph is not here')
  expect(contractIsThere).toBe(true)
})

describe.runIf(contractIsThere)('compared with the contract', () => {
  type Example = { operation: string; name: string; body: unknown }
  const negatives: Example[] = readContract('negative-requests.json').filter(
    ({ operation }: Example) => schemas[operation],
  )
  const examples: Example[] = readContract('operations.json').flatMap(
    (operation: { name: string; examples: { example: string; request: { body: unknown } }[] }) =>
      operation.examples
        .filter(() => schemas[operation.name])
        .map(({ example, request }) => ({ operation: operation.name, name: example, body: request.body })),
  )
  // Two answer examples print the placeholder "callbackUri-value"; the contract's README names them.
  const good = examples.filter(({ body }) => !JSON.stringify(body).includes('"callbackUri-value"'))

  it('has examples and counterexamples', () => {
    expect(negatives.length).toBeGreaterThan(25)
    expect(good.length).toBeGreaterThan(20)
  })

  it.each(negatives)('refuses $name', ({ operation, body }) => {
    expect(schemas[operation]?.safeParse(body).success).toBe(false)
  })

  it.each(good)('takes the documented $operation $name', ({ operation, body }) => {
    expect(schemas[operation]?.safeParse(body).error).toBeUndefined()
  })

  it('judges bodies that were damaged at random as the contract does', () => {
    const values = [
      null,
      '',
      'x',
      0,
      true,
      [],
      {},
      'https://bot.contoso.com',
      { '@odata.type': '#microsoft.graph.user' },
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...good.filter(({ body }) => body !== null)),
        fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
        fc.oneof(fc.constant('delete' as const), fc.constant('add' as const), fc.constantFrom(...values)),
        ({ operation, body }, path, damage) => {
          const damaged = damagedAt(structuredClone(body), path, damage)
          const expected = contractValidator(`requests.v1.json#/$defs/${operation}`)(damaged)
          const said = schemas[operation]?.safeParse(damaged)
          expect(said?.success, `${operation} ${JSON.stringify(damaged)} ${said?.error}`).toBe(expected)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

/** Walks to one member, chosen by the numbers, and deletes it, puts a stranger beside it or changes its value. */
function damagedAt(body: unknown, [step = 0, ...rest]: number[], damage: unknown): unknown {
  if (typeof body !== 'object' || body === null) return damage === 'delete' || damage === 'add' ? body : damage
  const members = body as Record<string, unknown> // arrays too: their indexes are names
  const names = Object.keys(members)
  const name = names[step % names.length]
  if (name === undefined) return body
  const next = members[name]
  if (rest.length > 0 && typeof next === 'object' && next !== null) damagedAt(next, rest, damage)
  else if (damage === 'add' && !Array.isArray(body)) members.stranger = 1
  else if (damage === 'delete') {
    if (Array.isArray(body)) body.splice(Number(name), 1)
    else delete members[name]
  } else if (damage !== 'add') members[name] = damage
  return body
}

it('knows no member by a name that every object has', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
    const body: unknown = JSON.parse(`{"id":"a","${name}":{"a":1}}`)
    expect(graphType('identity', { id: z.string() }).safeParse(body).success, name).toBe(false)
  }
})
