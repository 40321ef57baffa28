import { describe, expect, it } from 'vitest'
import { frontDesk } from '#flow/sample.ts'
import type { CallGroup, CallItem, CallOverview } from '../wire.ts'
import { bannerOf, mailOf } from './banner.ts'
import { type Groups, refreshed, withPage } from './callGroups.ts'
import { csvHead, csvLines } from './csv.ts'
import { noFilters, queryOf, readFilters, writeFilters } from './filters.ts'
import { supportText } from './supportText.ts'

const item = (id: string, more: Partial<CallItem> = {}): CallItem => ({
  ...{ id, flowId: 'f', flowName: 'Front desk', version: 7, test: false, state: 'ended', result: 'finished' },
  ...{
    caller: { name: null, id: null },
    startedAt: `2026-11-30T09:00:${id}.000Z`,
    endedAt: `2026-11-30T09:01:${id}.000Z`,
  },
  ...{ outcome: 'endedByFlow', endCode: 200, endSubcode: 7000, lastBlock: null, failedBlock: null, problem: null },
  ...more,
})
const groups = (given: Partial<Record<CallGroup, string[]>>, more = false): Groups => {
  const page = (ids: string[] = []) => ({ calls: ids.map((id) => item(id)), more })
  return { notReached: page(given.notReached), now: page(given.now), earlier: page(given.earlier) }
}
const idsOf = ({ notReached, now, earlier }: Groups) =>
  [notReached, now, earlier].map(({ calls }) => calls.map(({ id }) => id).join())

describe('a refreshed list', () => {
  it('keeps the older pages, without doubles', () => {
    const known = groups({ earlier: ['30', '29', '20', '10'] })
    const fresh = groups({ earlier: ['31', '30', '29'] }, true)
    expect(idsOf(refreshed(fresh, known))).toEqual(['', '', '31,30,29,20,10'])
    expect(refreshed(fresh, known).earlier.more).toBe(false)
    expect(idsOf(refreshed(fresh, null))).toEqual(['', '', '31,30,29'])
  })
  it('shows a call that has ended where it now belongs, and there only', () => {
    const known = groups({ now: ['31', '30'], earlier: ['20'] })
    expect(idsOf(refreshed(groups({ notReached: ['30'], now: ['31'], earlier: ['20'] }), known))).toEqual([
      '30',
      '31',
      '20',
    ])
  })
  it('forgets what is no longer there when all of a group was read', () => {
    expect(idsOf(refreshed(groups({ earlier: ['30'] }), groups({ earlier: ['30', '20'] })))).toEqual(['', '', '30'])
  })
  it('takes one more page, also if it overlaps', () => {
    const page = { calls: [item('20'), item('10')], more: true }
    expect(idsOf(withPage(groups({ earlier: ['30', '20'] }), 'earlier', page))).toEqual(['', '', '30,20,10'])
  })
})

describe('what is chosen', () => {
  it('stands in the address and comes back from it, beside what else stands there', () => {
    const filters = {
      ...noFilters,
      text: 'Anna & Söhne + Co',
      flowId: 'f',
      time: '2026-11-29',
      result: 'left',
    } as const
    expect(readFilters(writeFilters(filters))).toEqual(filters)
    expect(writeFilters(noFilters)).toBe('')
    expect(writeFilters(noFilters, '?theme=dark&text=x')).toBe('?theme=dark')
    expect(readFilters('?time=never&result=green&time=2026-99-99')).toEqual(noFilters)
  })
  it('is asked for in the reader’s own days', () => {
    const now = new Date(2026, 10, 30, 9, 5)
    const day = (date: number) => new Date(2026, 10, date).toISOString()
    const ask = (time: string) => queryOf({ ...noFilters, time }, now)
    expect(ask('any')).toEqual({ since: day(30) })
    expect(ask('today')).toEqual({ since: day(30), from: day(30) })
    expect(ask('yesterday')).toEqual({ since: day(29), from: day(29), until: day(30) })
    expect(ask('week')).toEqual({ since: day(24), from: day(24) })
    expect(ask('2026-11-05')).toEqual({ since: day(5), from: day(5), until: day(6) })
  })
})

describe('the banner', () => {
  const sales = {
    id: 'sales',
    name: 'Sales',
    type: 'transferToPerson',
    kind: { handsOver: true, permissions: ['Calls.Initiate.All'] },
  }
  const since = new Date(2026, 10, 30, 8, 52).toISOString()
  const overview = (...incidents: CallOverview['incidents']): CallOverview => ({
    counts: { notReached: 3, now: 2, earlier: 39 },
    callers: 44,
    incidents,
    most: { counted: 1_000, callers: 10_000 },
  })
  const missing = { flowId: 'f', block: sales, problem: '403/7504', calls: 3, since }

  it('says how many of how many, where, since when and why, and whom to write to', () => {
    const banner = bannerOf(overview(missing))
    expect(banner?.who).toMatch(/^3 of 44 callers not reached, all in Sales, since 0?8:52.*:$/)
    expect(banner?.why).toBe('the permission Calls.Initiate.All is missing or no longer granted.')
    expect(banner?.letter?.text).toMatch(/3 of 44 callers .* “Sales” since [\s\S]*1\. .*Calls\.Initiate\.All/)
    expect(mailOf(banner?.letter ?? { subject: '', text: '' })).toMatch(
      /^mailto:\?subject=[^ ]+&body=[^ ]+%0D%0A[^ ]+$/,
    )
  })
  it('says nothing when all were reached', () => expect(bannerOf(overview())).toBeNull())
  it('writes to nobody about what no administrator can mend', () => {
    const banner = bannerOf(overview({ ...missing, problem: 'notTaken', calls: 1 }))
    expect(banner?.who).toMatch(/^1 of 44 callers not reached, in Sales, at /)
    expect(banner?.letter).toBeNull()
  })
  it('names the most frequent of several reasons, and that there are more', () => {
    const banner = bannerOf(overview(missing, { ...missing, block: null, problem: 'lost', calls: 2 }))
    expect(banner?.who).toMatch(/^5 of 44 callers not reached, 3 of them in Sales, since /)
    expect(banner?.why).toMatch(/ And one more reason\.$/)
  })
})

describe('an export', () => {
  const clock = (iso: string) => iso.slice(0, 19)
  it.each([
    ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-1+1', "'-1+1"],
    ['\t=1', `"'\t=1"`],
    ['x;=1+1', `"x;'=1+1"`],
    ['x\n@SUM(A1)', `"x\n'@SUM(A1)"`],
    ['＝1+1', "'＝1+1"],
    ['Berger; Anna', '"Berger; Anna"'],
    ['Berger, Anna', '"Berger, Anna"'],
    ['a\nb', '"a\nb"'],
  ])('writes the name %j as %j', (name, cell) => {
    expect(csvLines([item('10', { caller: { name, id: null } })], clock)).toContain(`,${cell},`)
  })
  it('has a number as text, the length in seconds and what happened in words', () => {
    const call = item('10', { caller: { name: 'Anna', id: '+14255550142' }, problem: '403/7504' })
    expect(csvLines([call], clock)).toBe(
      "2026-11-30T09:00:10,60,Anna,'+14255550142,Heard to the end,Heard to the end,Front desk,7,,403/7504,10\r\n",
    )
    expect(csvHead()).toMatch(/^\ufeffStarted,Length,.*\r\n$/)
  })
})

it('what is copied for support has ids and codes, and nobody’s name, number or words', () => {
  const call = { ...item('10', { caller: { name: 'Anna Berger', id: '+14255550142' } }), graphCallId: 'graph-1' }
  const step = {
    number: 5,
    block: 'sales',
    version: null,
    at: call.startedAt,
    again: [],
    exit: 'failed',
    problem: '403/7504',
    digits: 4,
    seconds: null,
    noted: null,
  }
  const text = supportText({ call, steps: [], flow: frontDesk, version: { number: 7 }, entered: {} }, step, '403/7504')
  for (const said of ['graph-1', 'call: 10', 'flow: f', 'version: 7', 'block: sales', 'problem: 403/7504'])
    expect(text).toContain(said)
  expect(text).not.toMatch(/Anna|Berger|4255|Adele|connecting/)
})
