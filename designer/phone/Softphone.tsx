import { Button, MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { Flow } from '#flow/flow.ts'
import { keypad } from '#flow/keypad.ts'
import type { Trace } from '../canvas/trace.ts'
import { momentIn } from '../hours/stateWords.ts'
import { Icon } from '../icons.tsx'
import { phoneMessages as words } from '../messages/phone.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { isTyping, useKeyDown } from '../shell/keyboard.ts'
import { useNow } from '../shell/useNow.ts'
import { errorWords, lengthOf } from '../shell/words.ts'
import { useLatest } from '../useLatest.ts'
import type { Rules } from '../useRules.ts'
import { BeforeCallFields } from './BeforeCallFields.tsx'
import { type BeforeCall, hoursOf, wantedBy, zoneOf } from './beforeCall.ts'
import { Keypad } from './Keypad.tsx'
import type { TransferOutcome } from './line.ts'
import { endedWords } from './phoneWords.ts'
import { RecordBox } from './RecordBox.tsx'
import { Transcript } from './Transcript.tsx'
import { usePhone } from './usePhone.ts'
import { type Sound, useSound } from './useSound.ts'
import { type PhoneView, viewOf } from './view.ts'
import { WaitBox } from './WaitBox.tsx'
import './phone.css'

type Props = {
  flowId: string
  /** The draft as it stands on the screen. */
  flow: Flow
  rules: Rules | null
  /** How many errors it has. */
  errors: number
  /** Calls as soon as it is there: somebody has asked for that. */
  atOnce: boolean
  /** Saves the draft before a call; rejects when it could not be saved. */
  saveFirst(): Promise<void>
  /** Tells the canvas where the call has been; null when there is nothing to show any more. */
  onTrace(trace: Trace | null): void
  onClose(): void
}

/** The test phone: calls the draft as it stands on the screen, and lights up its way on the canvas. */
export function Softphone({ flowId, flow, rules, errors, atOnce, saveFirst, onTrace, onClose }: Props) {
  const sound = useSound()
  const { call, dial, clear, press, speak, hangUp, transfer } = usePhone(flowId, (news, line) => {
    if (news.type !== 'entry') return
    const { entry } = news
    if (entry.kind === 'prompt') sound.play(line.soundOf(entry.media))
    if (entry.kind === 'ended' || (entry.kind === 'promptEnded' && entry.cut)) sound.stop()
  })
  const view = useMemo(() => viewOf(call), [call])
  const before = useBeforeCall(flow, rules)
  const idle = view.stage === 'ready' || view.stage === 'ended'
  const now = useNow(!idle)
  const { pad, callButton } = useFaceFocus(idle)
  useTrace(view, now, onTrace)

  function startCall() {
    sound.unlock()
    if (!('faults' in before.wanted)) void dial(before.wanted, saveFirst)
  }
  const first = useLatest(atOnce ? startCall : null)
  useEffect(() => first.current?.(), [first])

  function pressKey(key: string) {
    sound.key(key)
    press(key)
  }
  useKeypadKeys(idle ? null : pressKey)

  const calls = { appearance: 'primary', icon: <Icon name="phone" />, ref: callButton, onClick: startCall } as const
  return (
    <aside className="phone column" aria-label={words.title}>
      {/* biome-ignore lint/a11y/useMediaCaption: all that is said stands in the transcript */}
      <audio ref={sound.element} />
      <PhoneHead onClose={onClose} />
      <PhoneState view={view} caller={callWords(before)} now={now} />

      {view.stage === 'ready' ? (
        <Ready failure={call.failure} errors={errors} fields={<BeforeCallFields {...before.fields} />}>
          <Button {...calls} size="large" disabledFocusable={'faults' in before.wanted}>
            {words.call}
          </Button>
        </Ready>
      ) : (
        call.flow && <Transcript lines={view.lines} flow={call.flow} person={view.person} from={view.since} />
      )}

      {call.flow && view.wait && <WaitBox wait={view.wait} flow={call.flow} now={now} />}
      {view.recording && <RecordBox recording={view.recording} now={now} onSpeak={speak} onFinish={pressKey} />}
      {view.stage === 'transferring' && <TransferBox person={view.person} onDecide={transfer} />}
      {!idle && <Keypad ref={pad} keys={view.keys} onPress={pressKey} />}

      {view.end && (
        <div className="phone-end column">
          <p role="status">{endedWords(view.end, view.person)}</p>
          <div className="row">
            <Button {...calls}>{words.again}</Button>
            <Button appearance="subtle" onClick={clear}>
              {words.change}
            </Button>
          </div>
        </div>
      )}
      {view.stage !== 'ready' && <PhoneFoot sound={sound} onHangUp={idle ? null : hangUp} />}
    </aside>
  )
}

type ReadyProps = {
  failure: unknown
  errors: number
  fields: ReactNode
  children: ReactNode
}

/** Before a call: what stands in its way, and who calls when. */
const Ready = ({ failure, errors, fields, children }: ReadyProps) => (
  <div className="phone-ready column">
    {failure !== null && (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{words.notDialled}</MessageBarTitle>
          {errorWords(failure)}
        </MessageBarBody>
      </MessageBar>
    )}
    <p>{words.ready}</p>
    {errors > 0 && <p className="caution">{words.errors(errors)}</p>}
    {fields}
    {children}
    <p className="small quiet">{words.soundHint}</p>
  </div>
)

/** What is set before a call, what is dialled by it, and both in words. */
function useBeforeCall(flow: Flow, rules: Rules | null) {
  const [set, onChange] = useState<BeforeCall>({ name: words.caller.first, phone: '', when: null, values: {} })
  const now = useNow(set.when !== null, 60_000)
  const hours = hoursOf(flow, rules?.shared.calendars ?? {})
  const zone = zoneOf(flow, hours)
  const wanted = wantedBy({ ...set, name: set.name.trim() || words.caller.first }, flow, zone, now)
  const faults = 'faults' in wanted ? wanted.faults : null
  return { wanted, zone, now, fields: { flow, rules, hours, zone, now, set, faults, onChange } }
}

/** Who calls, and when if it is not now. */
function callWords({ wanted, zone, now }: Pick<ReturnType<typeof useBeforeCall>, 'wanted' | 'zone' | 'now'>): string {
  if ('faults' in wanted) return ''
  const { caller, at } = wanted
  const who = caller.phone ?? caller.name
  return at === null ? who : `${who}, ${words.moved.asAt(momentIn(zone, at, now))}`
}

/** Where the focus was is gone when the phone changes its face: keys must go on working without a click. */
function useFaceFocus(idle: boolean) {
  const pad = useRef<HTMLDivElement>(null)
  const callButton = useRef<HTMLButtonElement>(null)
  useEffect(() => (idle ? callButton : pad).current?.focus(), [idle])
  return { pad, callButton }
}

/** Wherever the focus is: nobody looks for the phone before pressing a key. The canvas has no use for them during a call. */
function useKeypadKeys(press: ((key: string) => void) | null) {
  useKeyDown((event) => {
    const key = keypad.find((one) => one === event.key)
    if (!press || key === undefined || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    press(key)
  })
}

const PhoneHead = ({ onClose }: { onClose(): void }) => (
  <header className="phone-head">
    <div className="cut">
      <h2>{words.title}</h2>
      <p className="small quiet cut">{words.subtitle}</p>
    </div>
    <IconButton icon="close" title={words.close} onClick={onClose} />
  </header>
)

/** How the call stands: since when, for whom, and in which flow where it is another one. */
const PhoneState = ({ view, caller, now }: { view: PhoneView; caller: string; now: number }) => (
  <div className="phone-state">
    <p className="strong row" role="status">
      <span className="phone-dot" data-stage={view.stage} />
      {words.stages[view.stage]}
    </p>
    <p className="strong figures">{view.since !== null && lengthOf((view.until ?? now) - view.since)}</p>
    {view.stage !== 'ready' && <p className="small quiet cut">{caller}</p>}
    {view.inFlow !== null && (
      <p className="small quiet cut" role="status">
        {words.inFlow(view.inFlow)}
      </p>
    )}
  </div>
)

/** How loud the call is, and how it ends. */
const PhoneFoot = ({ sound, onHangUp }: { sound: Sound; onHangUp: (() => void) | null }) => (
  <footer className="phone-foot row">
    <Button
      className="phone-sound"
      data-on={sound.on}
      icon={<Icon name="sound" />}
      title={sound.on ? words.soundOn : words.soundOff}
      aria-label={words.sound}
      aria-pressed={sound.on}
      onClick={() => sound.setOn(!sound.on || sound.blocked)}
    />
    <input
      className="phone-volume"
      type="range"
      min={0}
      max={1}
      step={0.05}
      value={sound.volume}
      aria-label={words.volume}
      onChange={({ target }) => sound.setVolume(target.valueAsNumber)}
    />
    <span className="space" />
    {onHangUp && (
      <Button className="phone-hang-up" icon={<Icon name="hangUp" />} onClick={onHangUp}>
        {words.hangUp}
      </Button>
    )}
    {sound.blocked && (
      <p className="small caution" role="alert">
        {words.soundBlocked}
      </p>
    )}
  </footer>
)

type TransferProps = { person: string | null; onDecide(outcome: TransferOutcome): void }

function TransferBox({ person, onDecide }: TransferProps) {
  const { question, answers, somebody } = words.transfer
  return (
    <div className="phone-wait">
      <p className="strong">{question(person ?? somebody)}</p>
      <div className="phone-answers">
        {(['accept', 'decline', 'noAnswer'] as const).map((outcome) => (
          <Button key={outcome} onClick={() => onDecide(outcome)}>
            {answers[outcome]}
          </Button>
        ))}
      </div>
    </div>
  )
}

/** Tells the canvas where the call is, and every second how much of a wait is left. */
function useTrace({ trace, wait }: PhoneView, now: number, onTrace: Props['onTrace']) {
  const fraction = wait && Math.max(0, Math.min(1, 1 - (now - wait.from) / wait.ms))
  useEffect(() => {
    onTrace(trace && { ...trace, ...(fraction !== null && { wait: { fraction } }) })
  }, [trace, fraction, onTrace])
  const last = useLatest(onTrace)
  useEffect(() => () => last.current(null), [last])
}
