/** An answer of HTTP with JSON, as it goes out on a connection on which no request could be read. Its end is that of the connection. */
export function bareAnswer(status: number, body: object, headers: Record<string, string> = {}): string {
  const text = JSON.stringify(body)
  const head = Object.entries({
    'content-type': 'application/json; charset=utf-8',
    'content-length': new TextEncoder().encode(text).length,
    ...headers,
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  // The words behind the status may be left out (RFC 9112, 4), the blank before them may not.
  return `HTTP/1.1 ${status} \r\n${head.join('')}\r\n${text}`
}
