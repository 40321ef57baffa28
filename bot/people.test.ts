import { describe, expect, it, vi } from 'vitest'
import type { User } from '#communications/requests/users.ts'
import { GraphError } from '#communications/road/error.ts'
import type { PeopleFound, PeopleNews } from '#store/people.ts'
import { answerWhoIsThere } from './people.ts'

const tenantId = '7d3b8c1e-58f5-4a0e-9b52-3a8a4a1f2c11'

/** A bot that is asked; what it answers, and what troubles it. */
function asking(search: () => Promise<User[]>, answer = async () => {}) {
  const answers: PeopleFound[] = []
  const troubles: unknown[] = []
  let hear: (news: PeopleNews | 'reconnected') => void = () => {}
  const searched = vi.fn(search)
  const stop = answerWhoIsThere({
    search: searched,
    onNews: (listener) => {
      hear = listener
      return () => {
        hear = () => {}
      }
    },
    answer: async (_, found) => {
      await answer()
      answers.push(found)
    },
    tenantId,
    onTrouble: (error) => troubles.push(error),
  })
  const ask = (id = 'q', of = tenantId) => hear({ asked: { id, tenantId: of, text: 'le' } })
  return { hear: (news: Parameters<typeof hear>[0]) => hear(news), ask, answers, troubles, searched, stop }
}

describe('who is there', () => {
  it('is told by name and address, whatever the directory lacks', async () => {
    const { ask, answers } = asking(async () => [
      { id: '1', displayName: 'Lena Hofer', mail: 'lena@contoso.com', userPrincipalName: 'l@contoso.com' },
      { id: '2', displayName: 'Guest\u0007', userPrincipalName: 'guest#EXT#@contoso.com' },
      { id: '3', mail: 'desk@contoso.com' },
      { id: '4' },
    ])
    ask()
    await vi.waitFor(() => expect(answers).toHaveLength(1))
    expect(answers).toEqual([
      {
        people: [
          { id: '1', name: 'Lena Hofer', address: 'lena@contoso.com' },
          { id: '2', name: 'Guest', address: 'guest#EXT#@contoso.com' },
          { id: '3', name: 'desk@contoso.com', address: 'desk@contoso.com' },
          { id: '4', name: '4', address: '' },
        ],
      },
    ])
  })

  it('is nobody’s business for another tenant, for an answer, and after the end', async () => {
    const { ask, hear, stop, searched } = asking(async () => [])
    ask('q', 'another')
    hear('reconnected')
    hear({ answered: { id: 'q', tenantId }, found: { people: [] } })
    stop()
    ask()
    expect(searched).not.toHaveBeenCalled()
  })

  it.each([
    [403, 'notGranted'],
    [401, 'away'],
    [503, 'away'],
    [null, 'away'],
  ] as const)('is refused after %s as %s, and said in the log', async (status, refused) => {
    const error = new GraphError({ code: 'unknownError', operation: 'users.search', status })
    const { ask, answers, troubles } = asking(async () => Promise.reject(error))
    ask()
    await vi.waitFor(() => expect(answers).toEqual([{ refused }]))
    expect(troubles).toEqual([error])
  })

  it('is asked by eight at once and no more, and by others when these have been answered', async () => {
    let answerAll = () => {}
    const wait = new Promise<void>((resolve) => {
      answerAll = resolve
    })
    const { ask, answers, searched } = asking(() => wait.then(() => []))
    for (let n = 0; n < 10; n++) ask(`q${n}`)
    await vi.waitFor(() => expect(answers).toEqual([{ refused: 'away' }, { refused: 'away' }]))
    answerAll()
    await vi.waitFor(() => expect(answers).toHaveLength(10))
    ask()
    await vi.waitFor(() => expect(answers).toHaveLength(11))
    expect(searched).toHaveBeenCalledTimes(9)
  })

  it('does not end a bot whose database is away', async () => {
    const away = new Error('away')
    const { ask, troubles } = asking(
      async () => [],
      () => Promise.reject(away),
    )
    ask()
    await vi.waitFor(() => expect(troubles).toEqual([away]))
  })
})
