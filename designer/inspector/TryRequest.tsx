import { Button, Field, Input } from '@fluentui/react-components'
import { useState } from 'react'
import type { Variable } from '#flow/flow.ts'
import { flowMessages } from '#flow/messages/index.ts'
import type { Value } from '#flow/values.ts'
import { api } from '../shell/api.ts'
import { errorWords } from '../shell/words.ts'
import type { Tried } from '../wire.ts'
import { texts, useEditing } from './context.ts'

const words = texts.tryIt

/** Sends the request of the block with example values, and shows what comes back and what would be kept of it. */
export function TryRequest() {
  const { block, drawing, id } = useEditing()
  const { variables } = drawing.flow
  const reads = (drawing.views.get(id)?.opened?.reads ?? []).filter((name) => variables[name] !== undefined)
  const [examples, setExamples] = useState<Readonly<Record<string, string>>>({})
  const [came, setCame] = useState<Tried | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function send() {
    setBusy(true)
    setFailure(null)
    setCame(null)
    const withExamples = Object.entries(variables).map(([name, variable]) => {
      const example = examples[name]
      return [
        name,
        example === undefined ? variable : { ...variable, initial: exampleValue(variable, example) },
      ] as const
    })
    try {
      setCame(await api.tryRequest({ settings: block.settings, variables: Object.fromEntries(withExamples) }))
    } catch (error) {
      setFailure(errorWords(error))
    }
    setBusy(false)
  }

  return (
    <section className="settings-section" aria-label={words.title}>
      <h3>{words.title}</h3>
      <p className="small quiet">{words.hint}</p>
      {reads.map((name) => (
        <Field key={name} label={words.exampleOf(name)}>
          <Input
            value={examples[name] ?? ''}
            onChange={(_, data) => setExamples({ ...examples, [name]: data.value })}
          />
        </Field>
      ))}
      <div>
        <Button disabledFocusable={busy} onClick={() => void send()}>
          {busy ? words.sending : words.send}
        </Button>
      </div>
      <div aria-live="polite">
        {failure !== null && <p className="small bad">{failure}</p>}
        {came && ('failed' in came ? <NoAnswer {...came} /> : <Answer {...came} />)}
      </div>
    </section>
  )
}

const exitWords = (exit: string): string =>
  Object.entries(flowMessages.exits).find(([name]) => name === exit)?.[1] ?? exit

function NoAnswer({ failed, problem, ms }: Extract<Tried, { failed: string }>) {
  const why = words.problems[failed] ?? words.problems[problem]
  return <p className="small bad">{why ?? words.failed(exitWords(failed), problem, ms)}</p>
}

function Answer({ status, ms, exit, body, isCut, values }: Exclude<Tried, { failed: string }>) {
  return (
    <>
      <p className="strong">{words.status(status, ms)}</p>
      <p className="small">{words.exit(exitWords(exit))}</p>
      {values.length > 0 && (
        <>
          <h4>{words.values}</h4>
          <ul className="small">
            {values.map((one) => (
              <li key={one.variable}>
                {one.variable} ={' '}
                {'value' in one ? one.value : <span className="bad">{words.noValue(one.problem)}</span>}
              </li>
            ))}
          </ul>
        </>
      )}
      <h4>{words.body}</h4>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
      <section className="settings-answer small" tabIndex={0} aria-label={words.body}>
        <pre>{body}</pre>
      </section>
      {isCut && <p className="small quiet">{words.cut}</p>}
    </>
  )
}

/** What somebody typed as an example, as a value of the variable's type; what is none is refused by the server. */
function exampleValue({ type }: Variable, text: string): Value {
  switch (type) {
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
    case 'boolean':
      return text.trim().toLowerCase() === 'true'
    case 'list':
    case 'object':
    case 'user':
      try {
        return JSON.parse(text)
      } catch {
        return text
      }
    default:
      return text
  }
}
