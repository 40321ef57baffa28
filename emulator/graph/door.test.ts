import { afterAll, expect, it } from 'vitest'
import { startLine } from '../testing/testLine.ts'

const line = await startLine()
afterAll(() => line.close())

const long = 'x'.repeat(600)

it.each([
  ['/communications/calls/%', 400, 'BadRequest'],
  ['/communications/calls/%zz/answer', 400, 'BadRequest'],
  ['/users/%e4/presence', 400, 'BadRequest'],
  [`/communications/calls/${long}`, 404, 'NotFound'],
  [`/users/${long}/onlineMeetings/x`, 404, 'NotFound'],
])('answers an address that leads nowhere as Graph does: %s', async (path, status, code) => {
  const headers = { 'client-request-id': 'mine' }
  const reply = await line.request<{ error: object }>('GET', `/v1.0${path}`, undefined, headers)
  expect(reply.status).toBe(status)
  expect(reply.headers.get('client-request-id')).toBe('mine')
  expect(reply.body).toEqual({
    error: {
      code,
      message: expect.any(String),
      innerError: {
        'request-id': reply.headers.get('request-id'),
        'client-request-id': 'mine',
        date: expect.stringMatching(/^\d{4}-/),
      },
    },
  })
  expect(JSON.stringify(reply.body)).not.toMatch(/FST_|%|xxx/)
})

it.each([
  ['/emulator/calls/%', 400, 'BadRequest'],
  [`/emulator/calls/${long}`, 404, 'NotFound'],
])('answers elsewhere as the control API does: %s', async (path, status, code) => {
  const reply = await line.request('GET', path)
  expect(reply).toMatchObject({ status, body: { error: { code, next: expect.any(String) } } })
})
