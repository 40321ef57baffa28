// @ts-check
import messages from './messages.en.json' with { type: 'json' }

/**
 * What the page shows of a request, a notification or a line of a transcript. Pure: no DOM here.
 *
 * @typedef {import('../wire/traffic.ts').Exchange} Exchange
 * @typedef {import('../world/transcript.ts').Entry & { callId: string }} Entry
 * @typedef {import('../world/views.ts').CallView} CallView
 * @typedef {Omit<CallView, 'transcript'> & { [unknown: string]: unknown }} Call
 * @typedef {'ok' | 'danger' | 'warning' | 'neutral'} Tone
 * @typedef {Map<string, string>} Names names by id; a participant's id may lead to the id of its person
 * @typedef {{
 *   id: string, name: string, isBot: boolean, isInLobby: boolean, isMuted: boolean, notes: string[]
 * }} Person
 * @typedef {{
 *   key: string, at: string, callId: string | null, kind: string, label: string, title: string, caption: string,
 *   status: { text: string, tone: Tone } | null, media: number | null,
 *   facts: [label: string, value: string][], bodies: [label: string, value: unknown][]
 * }} Row
 */

const plural = new Intl.PluralRules('en')

/**
 * A text of messages.en.json with its values; of a text in several forms, the one for so many as `count`. A key that is not there is
 * shown as it is.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  const text = /** @type {Record<string, string | { one: string, other: string }>} */ (messages)[key] ?? key
  const form = typeof text === 'string' ? text : plural.select(Number(values.count)) === 'one' ? text.one : text.other
  return form.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all))
}

/** @param {string} key */
const has = (key) => Object.hasOwn(messages, key)
/** @param {(string | false | null | undefined)[]} parts */
const joined = (...parts) => parts.filter(Boolean).join(' · ')
/** @param {unknown} value @returns {Record<string, unknown>} */
const fieldsOf = (value) => (typeof value === 'object' && value !== null ? { ...value } : {})
/** @param {unknown} value */
const textOf = (value) => (typeof value === 'string' ? value : '')

/** Ids are GUIDs; a bot may write them in capitals and without hyphens. @param {string | null} id */
export const plainId = (id) => (id ?? '').toLowerCase().replaceAll('-', '')

const guid = /\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi
/** A path below its call, and other ids by how they begin: `…/playPrompt`, `…/operations/57dab8b1…`. @param {string} path */
export const shortPath = (path) => path.replace(/^(?:\/[\w.]+){0,2}\/calls\/[^/?]+(?=\/)/, '…').replace(guid, '$1…')

/** @param {number | null} status @returns {Tone} */
function toneOf(status) {
  if (status === null) return 'warning'
  return status < 300 ? 'ok' : status < 400 ? 'neutral' : 'danger'
}

/** @param {unknown} status @param {string} [otherwise] */
const statusText = (status, otherwise = 'noAnswer') => (status === null ? say(otherwise) : String(status))

/** With their labels, and without what there is not. @param {Record<string, unknown>} facts */
const labelled = (facts) =>
  Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => /** @type {[string, string]} */ ([say(`fact_${name}`), String(value)]))

/** @param {Exchange} exchange @returns {Row} */
export function rowOfExchange(exchange) {
  const { n, at, kind, callId, status, body } = exchange
  const row = { key: `x${n}`, at, callId, kind, label: say(`column_${kind}`), media: null }
  if (exchange.kind === 'request') {
    const { method, path, operation, response } = exchange
    const text = statusText(status, 'heldBack')
    return {
      ...row,
      title: `${method} ${shortPath(path)}`,
      caption: refusalOf(response),
      status: { text, tone: toneOf(status) },
      facts: labelled({ at, n, call: callId, operation, method, path, status: text }),
      bodies: [
        [say('requestBody'), body],
        [say('responseBody'), response],
      ],
    }
  }
  const { url, attempt, error } = exchange
  const resource = resourceOf(body)
  const ms = say('tookMs', { ms: exchange.ms })
  const text = statusText(status)
  return {
    ...row,
    // It is recorded once it is answered; what the bot did about it comes after it was sent.
    at: new Date(Date.parse(at) - exchange.ms).toISOString(),
    title: newsOf(body),
    caption: joined(shortPath(resource), attempt > 1 && say('attempt', { attempt }), ms, error),
    status: { text, tone: toneOf(status) },
    facts: labelled({ at, n, call: callId, url, resource, attempt, ms, status: text, error }),
    bodies: [[say('notificationBody'), body]],
  }
}

/** Why a request was refused, in the words of the answer. @param {unknown} response */
function refusalOf(response) {
  const { error, error_description } = fieldsOf(response)
  if (typeof error === 'string') return textOf(error_description) || error
  const { code, message } = fieldsOf(error)
  return [textOf(code), textOf(message)].filter(Boolean).join(': ')
}

/** The parts of a notification; one in the old Skype form has none. @param {unknown} body */
function partsOf(body) {
  const { value } = fieldsOf(body)
  return Array.isArray(value) ? value.map(fieldsOf) : []
}

/** Graph's words for what changed: `updated established, audio active`. @param {unknown} body */
function newsOf(body) {
  const news = partsOf(body).map(({ changeType, resourceData }) => {
    const data = fieldsOf(resourceData)
    // A roster of changes holds its list inside.
    const list = data.participants ?? resourceData
    const { tone } = fieldsOf(data.toneInfo)
    const { code, subcode } = fieldsOf(data.resultInfo)
    const { audio } = fieldsOf(data.mediaState)
    const more = [
      Array.isArray(list) && say('listOf', { count: list.length }),
      textOf(audio) && say('audio', { audio: textOf(audio) }),
      textOf(tone),
      code !== undefined && `${code}/${subcode}`,
    ].filter(Boolean)
    return [[textOf(changeType), textOf(data.state) || textOf(data.status)].filter(Boolean).join(' '), ...more].join(
      ', ',
    )
  })
  return news.join('; ') || say('column_notification')
}

/** `resource` is deprecated; resourceUrl is what a bot should read. @param {unknown} body */
const resourceOf = (body) =>
  [...new Set(partsOf(body).map(({ resource, resourceUrl }) => textOf(resourceUrl) || textOf(resource)))].join('; ')

/** @param {Entry} entry @param {Names} [names] @returns {Row} */
export function rowOfEntry(entry, names = new Map()) {
  const { n, at, kind, callId, ...rest } = entry
  const label = has(`column_${kind}`) ? say(`column_${kind}`) : kind
  return {
    ...{ key: `e${callId}:${n}`, at, callId, kind, label, caption: '', status: null, media: null },
    facts: labelled({ at, call: callId }),
    bodies: [[say('entryBody'), { n, kind, ...rest }]],
    ...wordsOf(entry, names),
  }
}

/** @param {Entry} entry @param {Names} names @returns {Pick<Row, 'title'> & Partial<Row>} */
function wordsOf(entry, names) {
  switch (entry.kind) {
    case 'state':
      return { title: entry.state, caption: entry.audio ? say('audio', { audio: entry.audio }) : '' }
    case 'prompt': {
      const { text, durationMs, media } = entry
      return {
        title: text === null ? say('promptSilent') : say('promptText', { text }),
        caption: durationOf(durationMs),
        media,
      }
    }
    case 'promptEnded':
      return { title: say(entry.cut ? 'promptCut' : 'promptOver') }
    case 'tone':
      return { title: keyOf(entry.tone), caption: say(entry.heard ? 'heard' : 'notHeard') }
    case 'subscribed':
      return { title: say('subscribedTo') }
    case 'cancelled':
      return { title: say('cancelledCount', { count: entry.operationIds.length }) }
    case 'transfer':
    case 'invited':
    case 'redirected': {
      const { id, outcome, kind } = entry
      const to = id ? nameById(id, names) : say(`to_${'to' in entry ? entry.to : 'other'}`)
      return { title: say(outcome ? `transfer_${outcome}` : `asked_${kind}`, { to }) }
    }
    case 'roster':
      return { title: say('rosterLists', { count: entry.count }) }
    case 'joined':
    case 'left':
      return { title: entry.name ?? participantName(entry, names), caption: entry.lobby ? say('note_inLobby') : '' }
    case 'recording':
      return { title: say('recordingNow') }
    case 'recorded':
      return { title: say('recordedFor', { time: durationOf(entry.durationMs) }), caption: String(entry.subcode) }
    case 'spoke':
      return { title: say('spokeFor', { time: durationOf(entry.durationMs) }) }
    case 'dtmf':
      return { title: say('dtmfSent', { tones: entry.tones }) }
    case 'muted':
      return { title: say(entry.muted ? 'mutedNow' : 'unmutedNow', { name: participantName(entry, names) }) }
    case 'holdMusic':
      return { title: say(entry.on ? 'holdNow' : 'holdOver', { name: participantName(entry, names) }) }
    case 'failed':
      return { title: entry.message, caption: entry.what, status: { text: say('column_failed'), tone: 'danger' } }
    case 'ended':
      return { title: say(`endedBy_${entry.by}`), caption: entry.result ? resultOf(entry.result) : '' }
    default:
      // Something newer than this page: its fields are in the body.
      return { title: summaryOf(entry) }
  }
}

/** The plain values of something that this page knows nothing about. @param {object} value */
function summaryOf(value) {
  const known = ['n', 'at', 'ms', 'kind', 'callId']
  return Object.entries(value)
    .filter(([name, one]) => !known.includes(name) && one !== null && typeof one !== 'object')
    .map(([name, one]) => `${name}: ${one}`)
    .join(', ')
}

const keyWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']
/** The key cap behind Graph's word for a tone. @param {string} tone */
function keyOf(tone) {
  const place = keyWords.indexOf(tone.replace('tone', '').toLowerCase())
  return place >= 0 ? String(place) : tone === 'star' ? '*' : tone === 'pound' ? '#' : tone
}

/** @param {import('#communications/wire/types.ts').ResultInfo} result */
const resultOf = ({ code, subcode, message }) => joined(`${code}/${subcode}`, message)

/** `1:05` for a call, `1.5 s` for what is shorter than a minute. @param {number} ms */
function durationOf(ms) {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : clockOf(ms)
}

/** @param {number} value */
const two = (value) => String(value).padStart(2, '0')

/** `0:07`, `12:40`, `1:02:03`. @param {number} ms */
export function clockOf(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, two(seconds % 60)]
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}

/** When it happened: since the call began if one is chosen, else by the clock. @param {string} at @param {string | null} startedAt */
export function timeOf(at, startedAt) {
  if (startedAt) {
    const ms = Math.max(0, Date.parse(at) - Date.parse(startedAt))
    return `${clockOf(ms)}.${String(ms % 1000).padStart(3, '0')}`
  }
  const date = new Date(at)
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** Names are for reading: those of the people that were met first go when there are too many. */
const maxNames = 5000

/**
 * Notes who is called what, anywhere in this: identities, participants of the control API and of Graph, and who joined.
 * @param {Names} names is added to
 * @param {unknown} value
 */
export function learnNames(names, value) {
  /** @param {unknown} id @param {unknown} name */
  const learn = (id, name) => {
    if (textOf(id) && textOf(name)) names.set(plainId(textOf(id)), textOf(name))
  }
  // Not by recursion: bodies of bots are as deep as they like.
  const open = [value]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one !== 'object' || one === null) continue
    const { id, displayName, identity, info, participantId, name } = fieldsOf(one)
    learn(id, displayName)
    learn(id, idOf(identity ?? fieldsOf(info).identity))
    learn(participantId, name)
    for (const inner of Object.values(one)) open.push(inner)
  }
  for (const id of [...names.keys()].slice(0, Math.max(0, names.size - maxNames))) names.delete(id)
}

/** The id in an identity set. @param {unknown} identity */
const idOf = (identity) =>
  Object.values(fieldsOf(identity))
    .map((one) => textOf(fieldsOf(one).id))
    .find(Boolean)

/** The name that goes with an id, else the id. @param {string} id @param {Names} names */
function nameById(id, names) {
  const name = names.get(plainId(id)) ?? id
  return names.get(plainId(name)) ?? name
}

/** Ids of participants are made for each call and tell nobody anything. @param {{ participantId: string }} entry @param {Names} names */
const participantName = ({ participantId }, names) =>
  names.has(plainId(participantId)) ? nameById(participantId, names) : say('somebody')

/** Who somebody is: a name where there is one, else a number or an id. @param {unknown} identity @param {Names} [names] */
export function nameOf(identity, names = new Map()) {
  for (const one of Object.values(fieldsOf(identity))) {
    const { displayName, id } = fieldsOf(one)
    if (textOf(displayName) || textOf(id)) return textOf(displayName) || nameById(textOf(id), names)
  }
  return say('unknownParty')
}

/** A group call or a meeting has nobody in particular at the other end. @param {Call} call @param {Names} [names] */
export function titleOf({ from, to, ...call }, names) {
  const isNobody = Object.keys(fieldsOf(to)).length === 0
  const other = isNobody ? conversationOf(call) || nameOf(to) : nameOf(to, names)
  return say('fromTo', { from: nameOf(from, names), to: other })
}

/** `Meeting` or `Group call`; empty for a call between two. @param {{ conversation?: unknown }} call */
export function conversationOf({ conversation }) {
  const { kind } = fieldsOf(conversation)
  return kind === 'peerToPeer' ? '' : has(`conversation_${kind}`) ? say(`conversation_${kind}`) : textOf(kind)
}

/** @param {Call} call */
export const isLive = (call) => call.state !== 'terminated'

/** Milliseconds that the call lasted, or has lasted at `now`. @param {Call} call @param {number} now */
export const lengthOf = (call, now) =>
  (call.endedAt ? Date.parse(call.endedAt) : isLive(call) ? now : Date.parse(call.startedAt)) -
  Date.parse(call.startedAt)

/** How a call ended, in words; empty while it lives. @param {Call} call */
export function endOf({ result, ...call }) {
  if (call.state !== 'terminated') return ''
  if (!result) return say('endedPlain')
  return say('endedWith', { code: `${result.code}/${result.subcode}`, message: result.message ?? '' }).replace(
    /: $/,
    '',
  )
}

/** Whether a call fits what somebody typed in the filter. @param {Call} call @param {string} words */
export function fits(call, words) {
  const text = JSON.stringify([call.from, call.to, call.id, call.state, call.direction, call.result]).toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => text.includes(word) || plainId(text).includes(plainId(word)))
}

/**
 * How the people of a call can end it, by a request without a body; null while there is nobody who could.
 * @param {Call} call @returns {{ label: string, path: string } | null}
 */
export function endingOf({ id, conversation, participants }) {
  const hangUp = `/emulator/calls/${encodeURIComponent(id)}/hangUp`
  const { id: talk, kind, meetingId } = fieldsOf(conversation)
  if (textOf(meetingId)) {
    return { label: say('endMeeting'), path: `/emulator/meetings/${encodeURIComponent(textOf(meetingId))}/end` }
  }
  if (conversationOf({ conversation }) === '' || kind === undefined) return { label: say('hangUp'), path: hangUp }
  const leave = `/emulator/conversations/${encodeURIComponent(textOf(talk))}/leave`
  return rosterOf({ participants }).some(({ isBot }) => !isBot) ? { label: say('everybodyLeaves'), path: leave } : null
}

/** The people of a call, if it tells them; `notes` name texts, as `note_muted`. @param {{ participants?: unknown }} call @param {Names} [names] @returns {Person[]} */
export function rosterOf({ participants }, names) {
  const people = Array.isArray(participants) ? participants.map(fieldsOf) : []
  return people.map(({ id, identity, callId, isInLobby, isMuted, onHold, recordingStatus }, place) => {
    const notes = {
      bot: Boolean(textOf(callId)),
      inLobby: isInLobby === true,
      muted: isMuted === true,
      onHold: onHold === true,
      records: recordingStatus === 'recording',
    }
    return {
      id: textOf(id) || String(place),
      name: nameOf(identity ?? { it: { id } }, names),
      isBot: notes.bot,
      isInLobby: notes.inLobby,
      isMuted: notes.muted,
      notes: Object.entries(notes).flatMap(([note, holds]) => (holds ? [note] : [])),
    }
  })
}

/** `4 in the call, 3 waiting`. @param {Person[]} people */
export function wordsOfRoster(people) {
  const waiting = people.filter(({ isInLobby }) => isInLobby).length
  const here = say('rosterCount', { count: people.length - waiting })
  return waiting > 0 ? say('rosterWaiting', { here, count: waiting }) : here
}
