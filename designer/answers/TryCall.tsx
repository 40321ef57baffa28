import { Button, Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { inOrder, isDefault, verdictOf } from '#flow/routing.ts'
import { Icon } from '../icons.tsx'
import { answersMessages } from '../messages/answers.ts'
import type { RouteItem } from '../wire.ts'
import { calledWords, type Hours, whenWords } from './ruleWords.ts'

const words = answersMessages.tries

type Props = { rules: readonly RouteItem[]; hours: Hours; now: number }

/** A call that nobody makes: which rule it would take and why not the ones before, by the very function that the bot asks. */
export function TryCall({ rules, hours, now }: Props) {
  const [called, setCalled] = useState('')
  const [caller, setCaller] = useState('')
  const [moment, setMoment] = useState<{ day: string; time: string } | null>(null)
  const { day, time } = moment ?? localMoment(now)
  const at = Date.parse(`${day}T${time}`)
  const addresses = [...new Set(rules.flatMap((rule) => rule.called ?? []))]
  return (
    <section className="card answers-try" aria-labelledby="try-call">
      <div className="column answers-fields">
        <h2 id="try-call">{words.title}</h2>
        <Field label={words.called}>
          <Input list="try-called" value={called} maxLength={100} onChange={(_, { value }) => setCalled(value)} />
        </Field>
        <datalist id="try-called">
          {addresses.map((address) => (
            <option key={address} value={address} />
          ))}
        </datalist>
        <div className="answers-two">
          <Field label={words.day}>
            <Input type="date" value={day} onChange={(_, { value }) => setMoment({ day: value, time })} />
          </Field>
          <Field label={words.time}>
            <Input type="time" value={time} onChange={(_, { value }) => setMoment({ day, time: value })} />
          </Field>
        </div>
        <Field label={words.caller} hint={words.callerHint}>
          <Input value={caller} maxLength={100} onChange={(_, { value }) => setCaller(value)} />
        </Field>
      </div>
      <Outcome {...{ rules, hours, called, caller }} at={Number.isNaN(at) ? now : at} />
      <div className="column answers-fields">
        <Button onClick={() => setMoment(null)}>{words.now}</Button>
        <p className="small quiet">{words.under}</p>
      </div>
    </section>
  )
}

/** A moment as the clocks of the reader show it. */
function localMoment(at: number) {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString()
  return { day: local.slice(0, 10), time: local.slice(11, 16) }
}

type OutcomeProps = Omit<Props, 'now'> & { called: string; caller: string; at: number }

function Outcome({ rules, hours, called, caller, at }: OutcomeProps) {
  const call = { dialled: called.trim() === '' ? [] : [called], caller: { id: caller, phone: caller }, at }
  const tried = inOrder(rules, call).map((rule) => ({
    rule,
    verdict: verdictOf(rule, call, hours.get(rule.when?.calendarId ?? '')),
  }))
  const first = tried.findIndex(({ verdict }) => verdict === 'fits')
  const taken = tried[first]?.rule
  return (
    <div className="column answers-outcome" role="status">
      <p className={taken ? 'strong row fine' : 'strong row caution'}>
        <Icon name={taken ? 'okCircle' : 'warn'} />
        {taken ? words.answered(taken.flow, taken.version) : answersMessages.nobody}
      </p>
      {!taken && <p className="small quiet">{answersMessages.nobodyHint}</p>}
      <ol className="column">
        {tried.slice(0, first < 0 ? undefined : first + 1).map(({ rule, verdict }) => (
          <li key={rule.id} className="row">
            <span className={verdict === 'fits' ? 'fine' : 'quiet'}>
              <Icon name={verdict === 'fits' ? 'check' : 'skip'} size={16} />
            </span>
            <div>
              <p>{lineOf(rule, rules, hours)}</p>
              <p className="small quiet">{words.verdicts[verdict]}</p>
            </div>
          </li>
        ))}
      </ol>
    </div>
  )
}

const lineOf = (rule: RouteItem, rules: readonly RouteItem[], hours: Hours): string => {
  if (isDefault(rule)) return answersMessages.everythingElse
  const place = words.lineNumber(rules.indexOf(rule) + 1)
  return `${place}, ${calledWords(rule)}, ${whenWords(rule, hours)}`
}
