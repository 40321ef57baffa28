/** Expressions that try to get out of the variables of a flow, or to keep a process busy (goal S7). They name `t`, `l`, `o`, `u` and `s`. */

/** What every object inherits. */
const inherited = [
  ...['constructor', '__proto__', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf'],
  ...['__defineGetter__', '__defineSetter__', '__lookupGetter__', 'toLocaleString', 'call', 'apply', 'arguments'],
]
const subjects = [
  'o',
  'o.inner',
  'u',
  'caller',
  'env',
  'response',
  'response.body',
  'response.headers',
  '{"a": 1}',
  'l',
  't',
  's',
]
export const reaching = subjects.flatMap((subject) =>
  inherited.flatMap((name) => [`${subject}.${name}`, `${subject}["${name}"]`, `${subject}.${name}("return process")`]),
)
const globals = [
  ...[
    'globalThis',
    'global',
    'window',
    'self',
    'process',
    'require',
    'module',
    'exports',
    'eval',
    'Function',
    'Reflect',
  ],
  ...[
    'Proxy',
    'Object',
    'Array',
    'String',
    'Symbol',
    'Buffer',
    'WebAssembly',
    'fetch',
    'setTimeout',
    'queueMicrotask',
    'console',
    'undefined',
  ],
]
export const calling = globals.flatMap((name) => [name, `${name}("1")`, `${name}.constructor`, `[${name}]`])
export const otherwise = [
  ...[
    'this',
    'this.constructor',
    'new Date()',
    '`${t}`',
    'function() {}',
    '() => 1',
    'async () => 1',
    'var a = 1',
    't = "b"',
    'o.k = 2',
  ],
  ...[
    'import("node:fs")',
    'o?.constructor',
    'o.?constructor',
    'o[?"constructor"]',
    '1; 2',
    't, s',
    '/a/',
    '/(a+)+$/.test(t)',
    '"\\u0000".constructor',
  ],
  ...[
    '"".at(0)',
    '"a".repeat(100000)',
    't.replace("a", "b").constructor',
    'type(o).constructor',
    'dyn(o).constructor',
    'string(o)',
    'bytes(o)',
  ],
  ...['o.constructor.constructor("return 1")()', 'l.map(x, x.constructor)', 'l.exists(__proto__, true)'],
  ...[
    'o.map(k, o[k].constructor)',
    '{"__proto__": {"a": 1}}.a',
    '{"constructor": 1}.constructor.constructor',
    'has(o.__proto__.polluted)',
  ],
  ...[
    'response.body.polluted',
    'response.body.__proto__.polluted',
    'response["__proto__"]["polluted"]',
    'cel.bind(x, o, x.constructor)',
  ],
]
export const busy = [
  ...['t.matches("^(a+)+$")', 't.matches("(a|a)*b")', '"aaaa".matches(t)', 't.split("").map(a, t.split("").map(b, b))'],
  'l.map(a, l.map(b, l.map(c, a + b + c)))',
  'l.all(a, l.all(b, l.all(c, a != b && b != c)))',
  'l.filter(a, l.exists(b, l.exists(c, a == c)))',
  ...['(', '[', '!', '-', '{"a": '].map((open) => open.repeat(900)),
  ...['(', '[', '!', '-'].map((open) => open.repeat(100_000)),
  ...[
    `${'('.repeat(400)}1${')'.repeat(400)}`,
    `${'['.repeat(400)}${']'.repeat(400)}`,
    `o${'.inner'.repeat(150)}`,
    `o${'["inner"]'.repeat(90)}`,
  ],
  ...[Array(199).fill('t').join('+'), Array(60).fill('l').join('+'), `size(${Array(50).fill('l').join('+')}) > 0`],
  ...[
    'duration(t)',
    'timestamp(t)',
    'int(t)',
    'double(t)',
    '9223372036854775807 * 9223372036854775807',
    '1e308 * 1e308',
    '1 / 0',
    '"x".lastIndexOf(t)',
  ],
  ...[
    'l.map(x, timestamp("2026-01-01T00:00:00Z").getHours("Europe/Berlin"))',
    'l.map(x, l + l + l + l + l + l + l + l)',
  ],
]
/** Texts that are looked for in each other: both begin alike at every place, so that an engine compares nearly all of each. They name `response`. */
export const searching = [
  'response.body.names.exists(x, response.body.text.contains(x))',
  'response.body.names.exists(x, response.body.text.indexOf(x) > 0)',
  'response.body.names.exists(x, response.body.text.indexOf(x, 1) > 0)',
  `size([${Array(15).fill('response.body.text.split(response.body.names[0])').join(', ')}]) > 15`,
]
/** What such a service answers with. */
export const alike = {
  text: 'a'.repeat(19_990),
  names: Array.from({ length: 150 }, () => `${'a'.repeat(2_000)}b${'a'.repeat(2_000)}`),
}
