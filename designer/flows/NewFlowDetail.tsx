import { Button, Field, Input } from '@fluentui/react-components'
import { type FormEvent, useState } from 'react'
import { flowLimits } from '#flow/flowLimits.ts'
import { Icon, type IconName } from '../icons.tsx'
import { useMessagesLost } from '../mailbox/useMessagesLost.ts'
import { newFlowMessages as words } from '../messages/newFlow.ts'
import { api } from '../shell/api.ts'
import { faultProps } from '../shell/faultProps.ts'
import { useMe } from '../shell/PageRoot.tsx'
import { useLoaded } from '../shell/useLoaded.ts'
import { useRested } from '../shell/useRested.ts'
import { errorWords, numberWords } from '../shell/words.ts'
import type { Settable, TemplateCard } from './templateCard.ts'

const icons: Record<Settable, IconName> = {
  hours: 'clock',
  numbers: 'person',
  announcement: 'say',
  service: 'globe',
  messages: 'voicemail',
  called: 'phone',
}

/** What is chosen, and the flow that is made of it; null is an empty flow. */
export function NewFlowDetail({ template }: { template: TemplateCard | null }) {
  const { local } = useMe()
  const [typed, setTyped] = useState<string | null>(null)
  const name = typed ?? template?.name ?? words.empty.first
  const { free, failure, busy, create } = useCreation(name.trim(), template)
  const canCreate = !busy && name.trim() !== ''
  const isTaken = free !== null && free !== name.trim()

  function submit(event: FormEvent) {
    event.preventDefault()
    if (canCreate) void create('')
  }
  return (
    <form className="card starts-detail column" onSubmit={submit}>
      <section className="column" aria-live="polite">
        <h2>{template?.name ?? words.empty.name}</h2>
        <p className="quiet">
          {template ? words.summary(template.blocks, words.sentences[template.id]) : words.empty.sentence}
        </p>
        {template && <HeardFirst {...template} />}
      </section>
      {template && local && (
        <div className="column">
          <Button
            className="starts-call"
            icon={<Icon name="phone" />}
            disabledFocusable={!canCreate}
            onClick={() => void create('?call')}
          >
            {words.call}
          </Button>
          <p className="small quiet">{words.callHint}</p>
        </div>
      )}
      <Field label={words.name} hint={isTaken ? words.taken(free) : undefined} required {...faultProps(failure)}>
        <Input
          value={name}
          maxLength={flowLimits.name}
          onChange={(_, data) => setTyped(data.value)}
          onFocus={({ target }) => target.select()}
        />
      </Field>
      {template && <ToSet settables={template.toSet} />}
      <Button type="submit" appearance="primary" disabledFocusable={!canCreate}>
        {words.submit}
      </Button>
    </form>
  )
}

function HeardFirst({ id, heard, language }: TemplateCard) {
  const { value: seconds } = useLoaded(`heard ${id}`, (signal) => secondsOf(heard, language, signal))
  return (
    <>
      <h3>{words.heard}</h3>
      <blockquote className="starts-heard">
        <p>“{heard.join(' ')}”</p>
        <p className="small quiet figures">{seconds !== null && words.seconds(seconds)}</p>
      </blockquote>
    </>
  )
}

function ToSet({ settables }: { settables: readonly Settable[] }) {
  const areLost = useMessagesLost()
  const left = settables.filter((one) => one !== 'messages' || areLost)
  return (
    <section className="column">
      <h3>{words.toSet}</h3>
      <ul className="starts-set column">
        {left.map((one) => (
          <li key={one} className="row">
            <Icon name={icons[one]} />
            <span>
              {one === 'messages' ? <a href="/messages">{words.settables[one].name}</a> : words.settables[one].name}{' '}
              <span className="small quiet">{words.settables[one].until}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The name that the flow would get, once the hand rests (null while that is not known), and the making of it. */
function useCreation(name: string, template: TemplateCard | null) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const rested = useRested(name, 300)
  const { value } = useLoaded(`name ${rested}`, async (signal) =>
    rested === '' ? null : api.freeName(rested, null, signal),
  )
  async function create(search: '' | '?call') {
    setBusy(true)
    setFailure(null)
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    try {
      const { id } = await api.createFlow({ name, from: template?.id ?? 'empty', timeZone })
      window.location.assign(`/flows/${id}${search}`)
    } catch (error) {
      setFailure(errorWords(error))
      setBusy(false)
    }
  }
  return { free: rested === name ? value : null, busy, failure, create }
}

/** 16 kHz, 16 bit, one channel: the one form that calls play (speech/wav.ts), behind a head of 44 bytes. */
const bytesASecond = 32_000
const headBytes = 44

/** How long it takes to say these, in whole seconds. */
async function secondsOf(texts: readonly string[], language: string, signal: AbortSignal): Promise<string> {
  const sounds = await Promise.all(texts.map((text) => api.speak(text, language, signal)))
  return numberWords(Math.round(sounds.reduce((sum, { size }) => sum + size - headBytes, 0) / bytesASecond))
}
