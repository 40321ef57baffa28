/** One server-sent event. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export type ServerEvent = { id?: string; event?: string; data: string }

const heartbeatMs = 15_000

/**
 * Answers with server-sent events: all that `run` sends, until it ends or the reader is gone (then `signal` aborts). A
 * comment every 15 s keeps proxies from closing a quiet line. An error of `run` ends the stream; the reader comes again.
 * `leave` gives back its place among the streams (streams.ts).
 */
export function eventStream(
  request: Request,
  leave: () => void,
  run: (send: (event: ServerEvent) => void, signal: AbortSignal) => Promise<void>,
): Response {
  const gone = new AbortController()
  const signal = AbortSignal.any([request.signal, gone.signal])
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      const write = (text: string) => {
        if (!signal.aborted) controller.enqueue(encoder.encode(text))
      }
      const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs)
      write('retry: 1000\n\n') // also sends the headers at once
      try {
        // One that is gone by now is told of no more.
        if (!signal.aborted) await run((event) => write(written(event)), signal)
      } catch {
        // Headers are long sent, so the end of the stream is the only word left.
      } finally {
        clearInterval(heartbeat)
        leave()
        gone.abort()
        try {
          controller.close()
        } catch {
          // The reader has closed it already.
        }
      }
    },
    cancel: () => gone.abort(),
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}

function written({ id, event, data }: ServerEvent): string {
  const lines = data.split('\n').map((line) => `data: ${line}\n`)
  return `${id === undefined ? '' : `id: ${id}\n`}${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}\n`
}

/** The events of a stream that somebody else sends. Comments are left out. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunksOf(body)) {
    text += decoder.decode(chunk, { stream: true })
    const parts = text.split('\n\n')
    text = parts.pop() ?? ''
    for (const part of parts) {
      const event = readEvent(part)
      if (event) yield event
    }
  }
}

function readEvent(text: string): ServerEvent | null {
  const fields = text.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line)?.slice(1) ?? [])
  const all = (name: string) => fields.filter(([field]) => field === name).map(([, value = '']) => value)
  const data = all('data')
  if (data.length === 0) return null
  const [id] = all('id')
  const [event] = all('event')
  return { data: data.join('\n'), ...(id !== undefined && { id }), ...(event !== undefined && { event }) }
}

/** The pieces of a body; none if there is none. */
function chunksOf(body: ReadableStream<Uint8Array> | null): AsyncIterable<Uint8Array> {
  // Node's streams can be walked through; the DOM's types do not know it.
  return (body ?? new Blob([]).stream()) as unknown as AsyncIterable<Uint8Array>
}
