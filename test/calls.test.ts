import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import type { Block, Flow } from '#flow/flow.ts'
import { frontDesk } from '#flow/sample.ts'
import { assign, block, collect, draw, hangUp, menu, say, transfer } from '#flow/testing/draw.ts'
import { openTelephone, type Telephone } from './telephone.ts'

/** A menu of two keys that soon gives up waiting. */
const ask = (exits: Record<string, string>, more: Block['settings'] = {}) =>
  menu('12', exits, { prompt: 'Press one or two', waitSeconds: 1, ...more })

let telephone: Telephone

beforeAll(async () => {
  telephone = await openTelephone(inject('postgresUrl'))
  await telephone.publish(frontDesk)
})
afterAll(() => telephone.close())
afterEach(async () => {
  for (const { id, endedAt } of await telephone.control<{ id: string; endedAt: string | null }[]>('GET', '/calls')) {
    if (endedAt === null) await telephone.control('POST', `/calls/${id}/hangUp`).catch(() => {})
  }
  await vi.waitFor(() => expect(telephone.liveCalls.count).toBe(0))
  await telephone.control('DELETE', '')
})

/** Publishes a flow, by a name and at an address of its own, and calls it. */
async function dialFlow(flow: Flow, call: Parameters<Telephone['dial']>[0] = {}) {
  const id = randomUUID()
  const { flowId } = await telephone.publish({ ...flow, name: id })
  await telephone.store.routes.set(telephone.identity.tenantId, flowId, id)
  return telephone.dial({ to: { applicationInstance: { id } }, ...call })
}

const stepsOf = ({ steps }: Awaited<ReturnType<Awaited<ReturnType<Telephone['dial']>>['history']>>) =>
  steps.map(({ block, event, exit }) => `${block} ${event}${exit === null ? '' : ` ${exit}`}`)

describe('a call', () => {
  it('says what it holds, with what was spoken ahead, and nothing of it stays in the database', async () => {
    const flow = draw({
      ask: collect({ collected: 'tell' }, { prompt: 'Your ticket?', minDigits: 3, maxDigits: 3 }),
      tell: say('Thank you ${caller.name}, ticket ${entry} costs ${money(12.5, "EUR")}.', { done: 'bye' }),
      bye: hangUp('Goodbye.'),
    })
    const call = await dialFlow(flow)
    await call.hears('Your ticket?')
    await call.presses('814')
    for (const text of ['Thank you', 'Anna Berger, ticket 8 1 4 costs 12.50 EUR.', 'Goodbye.']) await call.hears(text)
    await call.ends()
    expect((await call.history()).outcome).toBe('endedByFlow')
    const client = new pg.Client({ connectionString: telephone.wire.url })
    await client.connect()
    const { rows } = await client.query<{ text: string }>('select text from prompts').finally(() => client.end())
    const texts = rows.map(({ text }) => text)
    expect(texts).toContain('Thank you')
    expect(texts.filter((text) => /8 1 4|Anna/.test(text))).toEqual([])
  })

  it('is answered, speaks, hears a key, goes where it leads, and is remembered step by step', async () => {
    const call = await telephone.dial()
    await call.hears('Welcome to Contoso')
    await call.hears('For sales, press 1')
    await call.presses('2')
    await call.hears('Support is here')
    await call.hears('Goodbye')
    await call.ends()
    expect(await call.requests()).toEqual([
      'call-answer',
      'call-subscribetotone',
      'call-playprompt',
      'call-playprompt',
      'call-cancelmediaprocessing',
      'call-playprompt',
      'call-playprompt',
      'call-delete',
    ])
    const history = await call.history()
    expect(history).toMatchObject({
      outcome: 'endedByFlow',
      endCode: 200,
      test: false,
      caller: { name: 'Anna Berger' },
    })
    expect(stepsOf(history)).toEqual([
      'incoming entered',
      'incoming left next',
      'welcome entered',
      'welcome left done',
      'menu entered',
      'menu left 2',
      'support entered',
      'support left done',
      'goodbye entered',
      'goodbye left done',
    ])
  })

  it('needs seven requests for the reference call: no polling, nothing twice', async () => {
    const call = await dialFlow(
      draw({
        greet: say('Hello', { done: 'menu' }),
        menu: ask({ '1': 'one', '2': 'one', noInput: 'bye', noMatch: 'bye' }, { bargeIn: true, noMatchRetries: 1 }),
        one: say('You chose one', { done: 'bye' }),
        bye: hangUp(),
      }),
    )
    await call.hears('Press one')
    // The prompt is over before each key, so that there is nothing to cancel.
    const silence = () =>
      vi.waitFor(async () => expect((await call.transcript()).at(-1)?.kind).toBe('promptEnded'), 8_000)
    await silence()
    await call.presses('9')
    await call.hears('Press one')
    await silence()
    await call.presses('1')
    await call.hears('You chose one')
    await call.ends()
    expect(await call.requests()).toEqual([
      'call-answer',
      'call-subscribetotone',
      'call-playprompt',
      'call-playprompt',
      'call-playprompt',
      'call-playprompt',
      'call-delete',
    ])
  })

  it('keeps the version it began with while another one is published', async () => {
    const before = draw({
      ask: ask({ '1': 'old', '2': 'old', noInput: 'old', noMatch: 'old' }),
      old: hangUp('This is the old one'),
    })
    const { flowId } = await telephone.publish(before)
    const to = { applicationInstance: { id: randomUUID() } }
    await telephone.store.routes.set(telephone.identity.tenantId, flowId, to.applicationInstance.id)
    const first = await telephone.dial({ to })
    await first.hears('Press one')
    const after = {
      ...before,
      blocks: {
        ...before.blocks,
        old: hangUp('This is the new one'),
      },
    }
    await telephone.publish(after, flowId)
    // The database tells the bot of the new version; on a busy machine a call can be quicker than that news.
    const heardBy = async () => {
      const call = await telephone.dial({ to })
      await call.hears('Press one')
      await call.presses('1')
      const entry = await call.hears('This is the')
      return entry.kind === 'prompt' ? entry.text : null
    }
    await expect.poll(heardBy, { timeout: 8_000 }).toBe('This is the new one')
    await first.presses('1')
    expect(await first.hears('This is the')).toMatchObject({ text: 'This is the old one' })
  })

  it('that no address answers for comes to the default flow, never to silence', async () => {
    const call = await telephone.dial({ to: { applicationInstance: { id: randomUUID() } } })
    await call.hears('Welcome to Contoso')
    await call.hangsUp()
  })

  it('whose caller hangs up at any moment ends cleanly, and asks nothing of Graph any more', async () => {
    for (const moment of ['ringing', 'Welcome', 'For sales', 'Support']) {
      const call = await telephone.dial()
      if (moment !== 'ringing') await call.hears('Welcome')
      if (moment === 'For sales' || moment === 'Support') await call.hears('For sales')
      if (moment === 'Support') {
        await call.presses('2')
        await call.hears('Support')
      }
      await call.hangsUp()
      await call.ends()
      expect((await call.history()).outcome, moment).toBe('callerHungUp')
      expect(await call.requests(), moment).not.toContain('call-delete')
    }
    expect(telephone.liveCalls.count).toBe(0)
  })

  it('is hung up once, even if the caller hangs up at the same moment', async () => {
    const call = await dialFlow(draw({ bye: hangUp('Bye') }))
    await call.hears('Bye')
    await call.hangsUp().catch(() => {})
    await call.ends()
    await call.history()
    expect((await call.requests()).filter((operation) => operation === 'call-delete').length).toBeLessThanOrEqual(1)
  })

  it('runs the hang-up path after the caller has left', async () => {
    const flow = draw(
      {
        ask: ask({ '1': 'bye', '2': 'bye', noInput: 'bye', noMatch: 'bye' }),
        bye: hangUp(),
        tidy: assign({ left: 'true' }),
      },
      { onHangUp: 'tidy', variables: { left: { type: 'boolean' } } },
    )
    const call = await dialFlow(flow)
    await call.hears('Press one')
    await call.hangsUp()
    expect(stepsOf(await call.history())).toEqual([
      'incoming entered',
      'incoming left next',
      'ask entered',
      'ask left hangup',
      'tidy entered',
      'tidy left done',
    ])
  })
})

it('a loop goes back as often as it says, and a wait keeps the call and the keys', async () => {
  const call = await dialFlow(
    draw(
      {
        loop: block('loop', { times: 2, variable: 'tries' }, { again: 'wait', done: 'ask' }),
        wait: block('wait', { seconds: 1 }, { done: 'say' }),
        say: say('Round', { done: 'loop' }),
        ask: menu('1', { '1': 'bye', noInput: 'late', noMatch: 'late' }, { prompt: 'Press one' }),
        bye: hangUp('Goodbye'),
        late: hangUp('Too late'),
      },
      { variables: { tries: { type: 'number' } } },
    ),
  )
  await call.hears('Round')
  await call.presses('1')
  await call.hears('Goodbye')
  await call.ends()
  expect(stepsOf(await call.history()).filter((step) => /^(loop|wait) left/.test(step))).toEqual([
    'loop left again',
    'wait left done',
    'loop left again',
    'wait left done',
    'loop left done',
  ])
})

describe('keys', () => {
  it('that a caller types ahead are kept for the blocks that follow', async () => {
    const call = await dialFlow(
      draw({
        menu: menu(
          '5',
          { '5': 'pin', noInput: 'bye', noMatch: 'bye' },
          { waitSeconds: 1, bargeIn: false, prompt: 'Press five. '.repeat(40).trim() },
        ),
        pin: collect(
          { collected: 'right', invalid: 'bye', noInput: 'bye' },
          { prompt: 'Type eight digits', minDigits: 8, maxDigits: 8 },
        ),
        right: hangUp('Thank you'),
        bye: hangUp('Wrong'),
      }),
    )
    await call.hears('Press five')
    await call.presses('531415926#')
    await call.hears('Thank you')
    await call.ends()
    expect(
      (await call.transcript()).filter(({ kind }) => kind === 'prompt').map((entry) => 'text' in entry && entry.text),
    ).toEqual(['Press five. '.repeat(40).trim(), 'Thank you'])
    expect(JSON.stringify(await call.history())).not.toContain('31415926')
  })

  it('cancel the prompt where they may interrupt, and wait for its end where they may not', async () => {
    const exits = { '1': 'bye', '2': 'bye', noInput: 'bye', noMatch: 'bye' }
    const blocks = (bargeIn: boolean) => ({
      ask: ask(exits, { bargeIn, prompt: 'A long text. '.repeat(60).trim() }),
      bye: hangUp(),
    })
    const interrupted = await dialFlow(draw(blocks(true)))
    await interrupted.hears('A long text')
    await interrupted.presses('1')
    await interrupted.ends()
    expect(await interrupted.requests()).toContain('call-cancelmediaprocessing')
    const patient = await dialFlow(draw(blocks(false)))
    await patient.hears('A long text')
    await patient.presses('1')
    await patient.ends()
    expect(await patient.requests()).not.toContain('call-cancelmediaprocessing')
    expect(stepsOf(await patient.history())).toContain('ask left 1')
  })

  it('that never come lead to the exit for nothing pressed, after asking again with its own words', async () => {
    const call = await dialFlow(
      draw({
        ask: ask(
          { '1': 'bye', '2': 'bye', noInput: 'quiet', noMatch: 'bye' },
          { noInputRetries: 1, noInputPrompt: 'I heard nothing' },
        ),
        quiet: hangUp('Nobody there'),
        bye: hangUp(),
      }),
    )
    await call.hears('Press one')
    await call.hears('I heard nothing')
    await call.hears('Nobody there')
    await call.ends()
    expect(stepsOf(await call.history())).toContain('ask left noInput')
  })
})

describe('a transfer', () => {
  it('that is accepted ends the call as transferred', async () => {
    const call = await telephone.dial({ transfers: 'accept' })
    await call.hears('For sales')
    await call.presses('1')
    await call.ends()
    expect(await call.history()).toMatchObject({ outcome: 'transferred', endSubcode: 7015, lastBlock: 'sales' })
  })

  it.each(['decline', 'noAnswer'] as const)('that ends in %s gives the caller back to the flow', async (transfers) => {
    const call = await telephone.dial({ transfers })
    await call.hears('For sales')
    await call.presses('1')
    await call.hears('Nobody in sales')
    await call.ends()
    expect(stepsOf(await call.history())).toContain('sales left failed')
  })
})

describe('when Graph', () => {
  const handled = draw(
    {
      greet: say('Hello', { done: 'ask' }),
      ask: ask({ '1': 'give', '2': 'bye', noInput: 'bye', noMatch: 'bye' }),
      give: transfer({ failed: 'sorry' }),
      sorry: hangUp('Not today'),
      bye: hangUp('Bye'),
    },
    { apology: 'Sorry, something went wrong' },
  )

  it.each([
    ['call-subscribetotone', { status: 403, code: '7504' }],
    ['call-playprompt', { status: 400, code: '8523' }],
  ])('fails %s once (%o), the caller hears the apology and the call ends', async (operation, fault) => {
    await telephone.control('POST', '/faults', { operation, times: 1, ...fault })
    const call = await dialFlow(handled)
    await call.hears('Sorry, something went wrong')
    await call.ends()
    expect((await call.history()).outcome).toBe('failed')
  })

  it.each([{ status: 500 }, { cut: true }])('takes no prompt for once (%o), it is asked again', async (fault) => {
    await telephone.control('POST', '/faults', { operation: 'call-playprompt', times: 1, ...fault })
    const call = await dialFlow(handled)
    await call.hears('Hello')
    await call.hears('Press one')
    await call.hangsUp()
  })

  it('refuses a transfer, the flow goes on by its failed exit', async () => {
    await telephone.control('POST', '/faults', { operation: 'call-transfer', times: 1, status: 403, code: '7504' })
    const call = await dialFlow(handled)
    await call.hears('Press one')
    await call.presses('1')
    await call.hears('Not today')
    await call.ends()
  })

  it('answers 429, the bot waits as long as it is told, and the call goes on', async () => {
    await telephone.control('POST', '/faults', {
      operation: 'call-playprompt',
      times: 1,
      status: 429,
      retryAfterSeconds: 1,
    })
    const call = await dialFlow(handled)
    await call.hears('Hello')
    const [refused, taken] = (await telephone.requests()).filter(({ operation }) => operation === 'call-playprompt')
    expect([refused?.status, taken?.status]).toEqual([429, 200])
    expect(Date.parse(taken?.at ?? '') - Date.parse(refused?.at ?? '')).toBeGreaterThanOrEqual(1_000)
    await call.hangsUp()
  })

  it('does not know the call that is to be answered, it is over', async () => {
    await telephone.control('POST', '/faults', { operation: 'call-answer', times: 1, status: 404, code: 'NotFound' })
    const call = await dialFlow(handled)
    // B25: nobody has said how it ended.
    expect((await call.history()).outcome).toBe('lost')
    expect(telephone.liveCalls.count).toBe(0)
  })

  it('cannot play the second prompt, the caller hears the apology after the first', async () => {
    const on = { operation: 'call-playprompt', nth: 2 }
    await telephone.control('POST', '/faults', { on, do: { status: 400, code: '8535' } })
    const call = await dialFlow(handled)
    await call.hears('Hello')
    await call.hears('Sorry')
    await call.ends()
  })
})

describe('while the database is away', () => {
  it('calls are answered with what is known, and are all in the history afterwards', async () => {
    const warm = await telephone.dial()
    await warm.hears('Welcome')
    await warm.hangsUp()
    await warm.ends()
    telephone.wire.cut()
    try {
      const call = await telephone.dial()
      await call.hears('Welcome')
      await call.hears('For sales')
      await call.presses('2')
      await call.hears('Support')
      await call.ends()
      telephone.wire.mend()
      expect(stepsOf(await call.history())).toHaveLength(10)
    } finally {
      telephone.wire.mend()
    }
  })
})

describe('a restart of the bot', () => {
  it('hangs up its callers instead of leaving them in silence', async () => {
    const call = await telephone.dial()
    await call.hears('For sales')
    await telephone.restartBot()
    await call.ends()
    expect((await call.requests()).filter((operation) => operation === 'call-delete')).not.toHaveLength(0)
    expect((await call.history()).outcome).toBe('lost')
  })

  it('hangs up at the start the callers of a process that could not do it at its end', async () => {
    const call = await telephone.dial()
    await call.hears('For sales')
    await telephone.control('POST', '/faults', { operation: 'call-delete', times: 1, hang: true })
    const began = Date.now()
    await telephone.restartBot()
    expect(Date.now() - began).toBeLessThan(8_000)
    await call.ends()
    expect((await call.history()).outcome).toBe('lost')
  })

  it('while the database hangs takes seconds, and calls are answered once it is there again', async () => {
    const health = async () => (await fetch(`${telephone.botUrl}/api/health`)).status
    telephone.wire.freeze()
    try {
      const began = Date.now()
      await telephone.restartBot()
      expect(Date.now() - began).toBeLessThan(10_000)
      expect(await health()).toBe(503)
    } finally {
      telephone.wire.mend()
    }
    await vi.waitFor(async () => expect(await health()).toBe(200), { timeout: 15_000, interval: 200 })
    const call = await telephone.dial()
    await call.hears('Welcome')
    await call.hangsUp()
  })
})
