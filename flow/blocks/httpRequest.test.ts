import { describe, expect, it } from 'vitest'
import { check } from '../check.ts'
import type { Flow } from '../flow.ts'
import { Rehearsal, rehearse } from '../rehearse.ts'
import type { ServiceRequest } from '../talk.ts'
import { block, draw, hangUp, say } from '../testing/draw.ts'
import type { Value } from '../values.ts'

const exits = { '2xx': 'ok', '404': 'none', other: 'odd', timeout: 'late', network: 'away', badBody: 'bad' }
const ways = Object.fromEntries([...new Set(Object.values(exits))].map((id) => [id, say(id, { done: 'bye' })]))
const variables: Flow['variables'] = {
  ticket: { type: 'text', initial: '' },
  state: { type: 'text', initial: '' },
  n: { type: 'number', initial: 7 },
  yes: { type: 'boolean', initial: true },
  rows: { type: 'list', initial: ['a"', 'b'] },
  pin: { type: 'secret', initial: '' },
}

const flowOf = (more: Record<string, Value>, first: Record<string, Value> = {}) =>
  draw(
    {
      ask: block('httpRequest', { url: 'https://crm.example.com/tickets', statuses: ['2xx', '404'], ...more }, exits),
      ...ways,
      bye: hangUp('Bye.'),
    },
    {
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, one]) => [
          name,
          { ...one, ...(name in first && { initial: first[name] }) },
        ]),
      ) as Flow['variables'],
    },
  )
const call = (more: Record<string, Value> = {}, first: Record<string, Value> = {}) => rehearse(flowOf(more, first))
const asked = (rehearsal: Rehearsal): ServiceRequest | undefined => {
  const command = rehearsal.asked.findLast(({ type }) => type === 'request')
  return command?.type === 'request' ? command.request : undefined
}
const issuesOf = (more: Record<string, Value>) =>
  check(flowOf(more)).flatMap(({ code, field, detail }) => (code === 'setting' ? [`${field} ${detail}`] : []))

const json = (text: string) => ({ status: 200, text })

describe('leaves by', () => {
  it.each([
    [200, 'ok'],
    [204, 'ok'],
    [404, 'none'],
    [403, 'odd'],
    [301, 'odd'],
    [500, 'odd'],
  ])('the way of its status: %i', (status, heard) => expect(call().responds({ status }).hears).toEqual([heard]))

  it('the exact status before its class, wherever it stands', () => {
    const both = draw({
      ask: block(
        'httpRequest',
        { url: 'https://a.example.com/', statuses: ['4xx', '404'] },
        { '4xx': 'odd', '404': 'none' },
      ),
      ...ways,
      bye: hangUp(),
    })
    expect([rehearse(both).responds({ status: 404 }).hears, rehearse(both).responds({ status: 400 }).hears]).toEqual([
      ['none'],
      ['odd'],
    ])
  })

  it.each([
    ['timeout', 'late'],
    ['network', 'away'],
    ['badBody', 'bad'],
  ] as const)('%s', (failed, heard) => expect(call().responds({ failed, problem: 'x', ms: 1 }).hears).toEqual([heard]))

  it('network where the others lead nowhere, and by the failure path where that does neither', () => {
    const some = (links: Record<string, string>) =>
      rehearse(
        draw({ ask: block('httpRequest', { url: 'https://a.example.com/' }, links), ...ways, bye: hangUp() }),
      ).responds({ failed: 'timeout', problem: 'time', ms: 1 }).hears
    expect([some({ '2xx': 'ok', network: 'away' }), some({ '2xx': 'ok' })]).toEqual([['away'], ['Sorry.']])
  })

  it('error when the request cannot be sent at all', () => {
    const rehearsal = call().responds({ failed: 'error', problem: 'secretMissing', ms: 0 })
    expect([rehearsal.hears, rehearsal.trail.find(({ event }) => event === 'failed')?.detail]).toEqual([
      ['Sorry.'],
      { problem: 'secretMissing' },
    ])
    expect(call().commandFails('request').hears).toEqual(['Sorry.'])
  })
})

describe('an answer', () => {
  const map = [
    { variable: 'state', value: 'response.body.ticket.state' },
    { variable: 'n', value: 'response.body.ticket.open ? 1.0 : 2.0' },
  ]
  it('is taken into variables', () => {
    const rehearsal = call({ map }).responds(json('{"ticket":{"state":"open","open":true}}'))
    expect([rehearsal.hears, rehearsal.variables.state, rehearsal.variables.n]).toEqual([['ok'], 'open', 1])
  })
  it('gives its status and its headers, and needs no body for them', () => {
    const more = [
      { variable: 'n', value: 'response.status + 0.0' },
      { variable: 'state', value: 'response.headers["x-total"]' },
    ]
    const rehearsal = call({ map: more }).responds({ status: 201, headers: { 'x-total': '3' }, text: 'no json' })
    expect([rehearsal.variables.n, rehearsal.variables.state]).toEqual([201, '3'])
  })
  it('of another status is not looked into', () =>
    expect(call({ map }).responds({ status: 404, text: 'nothing here' }).hears).toEqual(['none']))

  it.each([
    ['no JSON', { status: 200, text: '{"ticket":' }, 'noJson'],
    ['an empty body', { status: 204, text: '' }, 'noJson'],
    ['another content type', { status: 200, text: '<p>', headers: { 'content-type': 'text/html' } }, 'contentType'],
    ['no content type', { status: 200, text: '{}', headers: {} }, 'contentType'],
    ['a part that is not there', json('{}'), 'expressionFailed'],
    ['a value of the wrong type', json('{"ticket":{"state":5,"open":true}}'), 'wrongType'],
    ['a text that is too long', json(JSON.stringify({ ticket: { state: 'x'.repeat(1001), open: true } })), 'wrongType'],
    ['what no condition is', json('{"ticket":{"state":"a","open":"yes"}}'), 'expressionFailed'],
  ])('with %s is not as expected', (_, answer, problem) => {
    const rehearsal = call({ map }).responds(answer)
    expect([rehearsal.hears, rehearsal.variables.state]).toEqual([['bad'], ''])
    expect(rehearsal.trail.find(({ exit }) => exit === 'badBody')?.detail).toEqual({ problem, ms: 1 })
  })

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/Problem+JSON',
    'application/vnd.api+json',
  ])('is JSON by %s', (type) =>
    expect(
      call({ map }).responds({ ...json('{"ticket":{"state":"a","open":true}}'), headers: { 'content-type': type } })
        .hears,
    ).toEqual(['ok']),
  )

  it('of a megabyte is read, and one value taken out of it', () => {
    const rows = Array.from({ length: 9_000 }, (_, id) => ({ id, name: `Ticket ${id}`, notes: 'x'.repeat(70) }))
    const text = JSON.stringify({ rows, ticket: { state: 'found', open: true } })
    expect(text.length).toBeGreaterThan(1_000_000)
    const rehearsal = call({ map: [...map, { variable: 'ticket', value: 'response.body.rows[8999].name' }] }).responds(
      json(text),
    )
    expect([rehearsal.variables.state, rehearsal.variables.ticket]).toEqual(['found', 'Ticket 8999'])
  })
  it('that is too much to work out is not as expected', () => {
    const rows = Array.from({ length: 4_900 }, (_, id) => ({
      id,
      tags: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((tag) => ({ tag })),
    }))
    const rehearsal = call({
      map: [{ variable: 'n', value: 'size(response.body.filter(r, r.tags == r.tags)) + 0.0' }],
    }).responds(json(JSON.stringify(rows)))
    expect(rehearsal.trail.find(({ exit }) => exit === 'badBody')?.detail).toMatchObject({ problem: 'tooMuch' })
  })
  it('reaches nothing but itself', () => {
    const text = '{"__proto__":{"a":1},"constructor":"c"}'
    const taken = (value: string) => call({ map: [{ variable: 'state', value }] }).responds(json(text)).variables.state
    expect([
      taken('response.body["constructor"]'),
      taken('string(response.body.toString)'),
      taken('string(response.constructor)'),
    ]).toEqual(['', '', ''])
  })
  it('that comes when the flow has gone on is dropped', () => {
    const rehearsal = call()
    const visit = rehearsal.visit
    rehearsal.responds({ status: 200 })
    const before = rehearsal.trail.length
    rehearsal.tells({ type: 'responded', visit, answer: { status: 404, ms: 1, values: {} } })
    expect(rehearsal.trail).toHaveLength(before)
  })
})

describe('what is sent', () => {
  const url = (template: string, first: Record<string, Value> = {}, env: Record<string, string> = {}) =>
    asked(new Rehearsal(flowOf({ url: template }, first), {}, { env }).rings())?.url

  it.each([
    ['https://a.example.com/t/${ticket}', 'a b', 'https://a.example.com/t/a%20b'],
    ['https://a.example.com/t/${ticket}', 'a/b?c#d&e=f', 'https://a.example.com/t/a%2Fb%3Fc%23d%26e%3Df'],
    ['https://a.example.com/t/${ticket}/x', '%2e%2e', 'https://a.example.com/t/%252e%252e/x'],
    ['https://a.example.com/?q=${ticket}&b=1', 'x&admin=1#', 'https://a.example.com/?q=x%26admin%3D1%23&b=1'],
    ['https://a.example.com/?q=${ticket}', 'ä€😀', 'https://a.example.com/?q=%C3%A4%E2%82%AC%F0%9F%98%80'],
    ['https://a.example.com/?q=${ticket}', '\ud800', 'https://a.example.com/?q=%EF%BF%BD'],
    ['https://a.example.com/${n}/${yes}', '', 'https://a.example.com/7/true'],
    ['https://a.example.com/$${n}', '', 'https://a.example.com/${n}'],
  ])('writes each value as its place in the address asks for: %s', (template, ticket, expected) =>
    expect(url(template, { ticket })).toBe(expected),
  )
  it.each([
    ['https://a.example.com/t/${ticket}/x', '..'],
    ['https://a.example.com/t/${ticket}', '.'],
    ['https://a.example.com/t/.${ticket}/x', '.'],
    ['https://a.example.com/${rows}', ''],
  ])('refuses what leads elsewhere: %s', (template, ticket) => expect(url(template, { ticket })).toBeUndefined())

  it('takes the host from the environment, and from nobody else', () => {
    const env = { base: 'https://crm.example.com:8443/api', path: 'v 2', host: 'a.example.com' }
    expect(url('${env.base}/t/${ticket}', { ticket: 'a/b' }, env)).toBe('https://crm.example.com:8443/api/t/a%2Fb')
    expect(url('https://${env.host}/${env.path}', {}, env)).toBe('https://a.example.com/v%202')
    for (const template of [
      '${ticket}/x',
      'https://${ticket}/x',
      'https://${ticket}.example.com/',
      'https://a.example.com${ticket}/',
      'https://a.example.com:${n}',
      '${env.a + ticket}/x',
      '${caller.phone}',
    ])
      expect(issuesOf({ url: template })).toEqual(['url hostFromCaller'])
    expect(url('${env.nobody}/t', {}, env)).toBeUndefined()
  })

  it('takes no host from a variable that is called like the environment, or from behind an empty one', () => {
    for (const template of ['${env.base}/t', 'https://${env.host}/t']) {
      const own = { ...flowOf({ url: template }) }
      const flow = { ...own, variables: { ...own.variables, env: { type: 'object' as const, initial: {} } } }
      expect(check(flow).find(({ code }) => code === 'setting')?.detail).toBe('hostFromCaller')
    }
    for (const template of ['https:///${ticket}/x', 'https://\\/${ticket}']) {
      expect(issuesOf({ url: template })).toEqual(['url hostFromCaller'])
    }
  })

  const body = (text: string, first: Record<string, Value> = {}) =>
    asked(call({ method: 'POST', bodyKind: 'json', json: text }, first))?.body
  it.each([
    ['{"a": ${ticket}}', '{"a":"x\\"}, \\"admin\\": true, {\\""}'],
    ['{"a": "Mr ${ticket}!"}', '{"a":"Mr x\\"}, \\"admin\\": true, {\\"!"}'],
    ['{"a": [${n}, ${yes}, ${rows}, null, "\\"${n}\\\\"]}', '{"a":[7,true,["a\\"","b"],null,"\\"7\\\\"]}'],
    ['{"k${n}": ${n + 1}}', '{"k7":8}'],
    ['${rows}', '["a\\"","b"]'],
    ['{"$${n}": 1}', '{"${n}":1}'],
  ])('puts values into JSON and never texts into a text: %s', (template, expected) =>
    expect(body(template, { ticket: 'x"}, "admin": true, {"' })).toBe(expected),
  )
  it.each(['{"a": }', '', '{a: 1}', '{"a": ${n} ${n}}', '{"a": "${n}'])('refuses what is no JSON: %s', (template) =>
    expect(issuesOf({ method: 'POST', bodyKind: 'json', json: template })).toHaveLength(1),
  )
  it('writes fields as a form', () => {
    const form = [
      { name: 'a b', value: '${ticket}&x=1' },
      { name: 'n', value: '${n}' },
    ]
    expect(asked(call({ method: 'PUT', bodyKind: 'form', form }, { ticket: 'ä=' }))).toMatchObject({
      body: 'a+b=%C3%A4%3D%26x%3D1&n=7',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    })
  })
  it('has no body where the method has none', () =>
    expect(asked(call({ method: 'GET', bodyKind: 'json', json: 'nonsense' }))).toMatchObject({
      body: null,
      headers: { accept: 'application/json' },
    }))

  it('keeps headers to one line', () => {
    const headers = [{ name: 'X-Ticket', value: 'no ${ticket}' }]
    expect(asked(call({ headers }, { ticket: '42' }))?.headers).toMatchObject({ 'x-ticket': 'no 42' })
    for (const ticket of ['a\r\nX-Admin: 1', 'a\n', '\u0000', '€'])
      expect(asked(call({ headers }, { ticket }))).toBeUndefined()
  })
  it.each([
    'Host',
    'cookie',
    'Content-Length',
    'Authorization',
    'Transfer-Encoding',
    'a b',
    'x:',
    'Proxy-Authorization',
  ])('lets no flow write the header %s', (name) =>
    expect(issuesOf({ headers: [{ name, value: 'x' }] })).toEqual(['headers.0 headerName']),
  )

  it('names the secret and does not have it', () => {
    const { auth } = asked(call({ auth: 'basic', secret: 'crmPassword', user: 'bot' })) ?? {}
    expect(auth).toEqual({ kind: 'basic', secret: 'crmPassword', user: 'bot', header: '' })
    expect(issuesOf({ auth: 'bearer' })).toEqual(['secret required'])
    expect(issuesOf({ auth: 'bearer', secret: 'a b' })).toEqual(['secret invalid_format'])
    expect(issuesOf({ auth: 'header', secret: 'a', secretHeader: 'host' })).toEqual(['secretHeader headerName'])
    for (const secretHeader of ['Accept', 'content-type'])
      expect(issuesOf({ auth: 'header', secret: 'a', secretHeader })).toEqual(['secretHeader headerNotSecret'])
    expect(asked(call({ auth: 'header', secret: 'a', secretHeader: 'X-Api-Key' }))?.auth).toMatchObject({
      header: 'x-api-key',
    })
  })

  it('repeats only what may be repeated', () => {
    const retries = (method: string) => asked(call({ method, retries: 3 }))?.retries
    expect(['GET', 'PUT', 'DELETE', 'POST', 'PATCH'].map(retries)).toEqual([3, 3, 3, 0, 0])
  })
})

describe('a slow service', () => {
  it('is bridged by the filler, which starts at its delay, comes again, and stops on the answer', () => {
    const rehearsal = call({ filler: 'Wait.', fillerSeconds: 2 })
    expect(rehearsal.waits(1.9).hears).toEqual([])
    expect(rehearsal.waits(0.2).hears).toEqual(['Wait.'])
    expect(rehearsal.promptFinishes().waits(1.9).hears).toEqual([])
    expect(rehearsal.waits(0.2).hears).toEqual(['Wait.'])
    rehearsal.responds({ status: 200 })
    expect([rehearsal.asked.at(-2)?.type, rehearsal.hears]).toEqual(['cancelMedia', ['ok']])
  })
  it('that answers at once is bridged by nothing, and nothing is silenced', () => {
    const rehearsal = call().responds({ status: 200 })
    expect(rehearsal.waits(5).hears).toEqual(['ok'])
    expect(rehearsal.asked.map(({ type }) => type)).not.toContain('cancelMedia')
  })
  it('goes on when the filler cannot be heard', () =>
    expect(call().waits(2).promptFails().responds({ status: 200 }).hears).toEqual(['One moment, please.', 'ok']))
  it('goes on in silence while the filler has a value that cannot be said, and tries it again', () => {
    const rehearsal = call({ filler: 'Wait, ${1 / (n - 7)}.', fillerSeconds: 1 })
    expect([rehearsal.waits(3.5).hears, rehearsal.isOver]).toEqual([[], false])
    expect(rehearsal.responds({ status: 200 }).hears).toEqual(['ok'])
    expect(rehearsal.trail.filter(({ event }) => event === 'failed')).toEqual([])
  })
  it('without a filler is waited for in silence', () => expect(call({ filler: '' }).waits(20).hears).toEqual([]))
  it('keeps keys that are pressed meanwhile, and ends with the caller', () => {
    const rehearsal = call().presses('12').hangsUp()
    expect([rehearsal.isOver, rehearsal.trail.at(-1)?.exit]).toEqual([true, 'hangup'])
    expect(rehearsal.responds({ status: 200 }).hears).toEqual([])
  })
})

it('runs after the caller has left, without a word', () => {
  const flow = draw(
    {
      hello: say('Hello.', { done: 'bye' }),
      bye: hangUp(),
      tell: block('httpRequest', { url: 'https://a.example.com/', method: 'POST' }, { '2xx': 'note', network: 'note' }),
      note: block('setVariable', { assignments: [{ variable: 'n', value: 'n + 1' }] }, { done: 'end' }),
      end: hangUp(),
    },
    { onHangUp: 'tell' },
  )
  expect(check(flow).filter(({ severity }) => severity === 'error')).toEqual([])
  const rehearsal = rehearse(flow).hangsUp()
  expect([rehearsal.isOver, rehearsal.asked.map(({ type }) => type).slice(-1)]).toEqual([false, ['request']])
  rehearsal.waits(10).responds({ status: 200 })
  expect([rehearsal.isOver, rehearsal.variables.n, rehearsal.asked.at(-1)?.type]).toEqual([true, 1, 'request'])
})
