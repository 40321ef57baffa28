import { Button, Field, Input, Textarea } from '@fluentui/react-components'
import { useState } from 'react'
import * as z from 'zod'
import { Icon } from '../icons.tsx'
import { faultProps } from '../shell/faultProps.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { ExpressionInput, useCompleting } from './completing.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { Add, Setting, TitleOf } from './parts.tsx'
import { useSpeech } from './speak.ts'
import { useExample, ValueMenu } from './values.tsx'

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const listOf = (value: unknown): string[] => z.array(z.string()).safeParse(value).data ?? []

/** One line of text. */
export function TextControl(props: ControlProps) {
  const { example, value, onChange } = props
  return (
    <Setting {...props}>
      <Input value={textOf(value)} placeholder={example} onChange={(_, data) => onChange(data.value)} />
    </Setting>
  )
}

/** One line of text that values stand in. */
export function ValuedControl(props: ControlProps) {
  const { field, example, value, onChange } = props
  return (
    <Setting {...props}>
      <ExpressionInput inText value={textOf(value)} placeholder={example} names={field.names} onChange={onChange} />
    </Setting>
  )
}

/** Several keys of a telephone. */
export function KeysControl(props: ControlProps) {
  return <TextControl {...props} onChange={(value) => props.onChange(textOf(value).replace(/[^0-9*#]/g, ''))} />
}

/** A text that callers hear. */
export function MultilineControl(props: ControlProps) {
  const { title, example, value, onChange } = props
  return (
    <div className="settings-prompt">
      <Setting {...props}>
        <ValuedText placeholder={example} value={textOf(value)} onChange={onChange} />
      </Setting>
      <Heard text={textOf(value)} field={title} onChange={onChange} />
    </div>
  )
}

/** Several lines that callers do not hear. */
export function CodeControl(props: ControlProps) {
  const { example, value, onChange } = props
  return (
    <Setting {...props}>
      <ValuedText placeholder={example} value={textOf(value)} onChange={onChange} />
    </Setting>
  )
}

/** Several texts that callers hear one after another. */
export function PromptsControl({ field, title, example, value, problem, onChange }: ControlProps) {
  const prompts = listOf(value)
  const alone = prompts.length === 1
  return (
    <div className="settings-list">
      {prompts.map((prompt, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a message has no name but its place.
        <div className="settings-prompt" key={n} data-field={`${field.name}.${n}`}>
          <Field
            label={<TitleOf title={alone ? title : texts.message(n + 1)} required={n === 0} />}
            {...faultProps(n === prompts.length - 1 ? problem : undefined)}
          >
            <ValuedText placeholder={example} value={prompt} onChange={(text) => onChange(prompts.with(n, text))} />
          </Field>
          <div className="row">
            <Heard
              text={prompt}
              field={alone ? title : texts.message(n + 1)}
              onChange={(text) => onChange(prompts.with(n, text))}
            />
            <span className="space" />
            {!alone && (
              <IconButton
                size="small"
                icon="close"
                title={texts.removeMessage(n + 1)}
                onClick={() => onChange(prompts.toSpliced(n, 1))}
              />
            )}
          </div>
        </div>
      ))}
      <Add label={texts.addMessage} onClick={() => onChange([...prompts, ''])} />
    </div>
  )
}

/** A list of texts, one on each line. */
export function ListControl(props: ControlProps) {
  const { value, onChange } = props
  const items = listOf(value)
  const [text, setText] = useState(items.join('\n'))
  const lines = linesOf(text)
  // What is typed stands as it is typed; what came from elsewhere, as undo does, takes its place.
  const shown = lines.join('\n') === items.join('\n') ? text : items.join('\n')
  return (
    <Setting {...props} hint={texts.listHint}>
      <Text
        value={shown}
        onChange={(typed) => {
          setText(typed)
          onChange(linesOf(typed))
        }}
      />
    </Setting>
  )
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

type TextProps = { value: string; placeholder?: string | undefined; onChange(text: string): void }

const Text = ({ onChange, ...field }: TextProps) => (
  <Textarea resize="vertical" rows={3} {...field} onChange={(_, { value }) => onChange(value)} />
)

/** A text that values stand in. */
function ValuedText({ value, onChange, ...props }: TextProps) {
  const { fieldProps, typed, list } = useCompleting({ value, inText: true, onChange })
  return (
    <div className="completing-field">
      <Textarea
        resize="vertical"
        rows={3}
        {...props}
        {...fieldProps}
        value={value}
        onChange={({ target }, data) => {
          onChange(data.value)
          typed(target)
        }}
      />
      {list}
    </div>
  )
}

/** What callers hear of a prompt: the values that may stand in it, and its sound. */
function Heard({ text, field, onChange }: { text: string; field: string; onChange(text: string): void }) {
  const example = useExample(text)
  return (
    <div className="settings-heard column">
      {example !== null && <p className="small quiet">{texts.heardAs(example)}</p>}
      <div className="row">
        <Listen text={example ?? text} field={field} />
        <ValueMenu
          field={field}
          onChoose={(value) => onChange(`${text}${text === '' || /\s$/.test(text) ? '' : ' '}${value}`)}
        />
      </div>
    </div>
  )
}

function Listen({ text, field }: { text: string; field: string }) {
  const { flow } = useEditing().drawing
  const { state, fault, listen } = useSpeech(flow.language)
  if (text.trim() === '') return null
  return (
    <div className="settings-listen column">
      <Button
        icon={<Icon name={state === 'quiet' ? 'play' : 'close'} size={16} />}
        aria-label={state === 'quiet' ? texts.listenTo(field) : texts.stop}
        onClick={() => void listen(text)}
      >
        {state === 'quiet' ? texts.listen : texts.stop}
      </Button>
      {fault !== null && (
        <p className="small bad" role="alert">
          {texts.noVoice(fault)}
        </p>
      )}
    </div>
  )
}
