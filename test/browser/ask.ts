/** Asks the web API of a product, as its pages do; a body that is a text is sent as it is. The answer's body is null where there is none. */
export const askerOf =
  (product: () => { url: string }) =>
  async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const answer = await fetch(product().url + path, {
      method,
      headers: { ...(text !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(text !== undefined && { body: text }),
    })
    return { status: answer.status, body: await answer.json().catch(() => null) }
  }
