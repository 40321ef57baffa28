import { Button, Input } from '@fluentui/react-components'
import { ApiError } from './error.ts'

type Props = {
  words: { name: string; discard: string; save: string }
  name: string
  /** Who follows it, or why it cannot be changed. */
  below: string
  /** What is not saved yet, in words; null if nothing is. */
  changed: string | null
  /** Something must be mended before it can be saved. */
  isWrong: boolean
  readOnly?: boolean
  onName(name: string): void
  onDiscard(): void
  onSave(): void
}

/** Over a thing that is saved when somebody says so: its name, what has changed, and both ways out of that. */
export function SavedHead({ words, name, below, changed, isWrong, readOnly = false, ...on }: Props) {
  return (
    <header className="row hours-head">
      <div className="hours-name">
        <Input
          className="hours-title"
          appearance="filled-lighter"
          aria-label={words.name}
          maxLength={100}
          value={name}
          readOnly={readOnly}
          onChange={(_, { value }) => on.onName(value)}
        />
        <p className="small quiet cut">{below}</p>
      </div>
      <span className="space" />
      {changed !== null && (
        <span className={isWrong ? 'small bad' : 'small quiet'} role="status">
          {changed}
        </span>
      )}
      {!readOnly && (
        <>
          <Button appearance="subtle" disabledFocusable={changed === null} onClick={on.onDiscard}>
            {words.discard}
          </Button>
          <Button appearance="primary" disabledFocusable={changed === null || isWrong} onClick={on.onSave}>
            {words.save}
          </Button>
        </>
      )}
    </header>
  )
}

const isStale = (failure: unknown): failure is ApiError =>
  failure instanceof ApiError && failure.code === 'changedMeanwhile'

type Told = { failure: unknown; said: string | null }
type TellWords = { loadTheirs: string; changedMeanwhile(by: string): string }

/** What came of saving, as `News` shows it: somebody else may have been first, and then theirs can be loaded. */
export function newsOf({ failure, said }: Told, words: TellWords, loadTheirs: () => void) {
  if (isStale(failure)) {
    const by = String(Object(failure.detail).updatedBy ?? '')
    const action = <Button onClick={loadTheirs}>{words.loadTheirs}</Button>
    return { failure: null, said: [{ intent: 'warning' as const, text: words.changedMeanwhile(by), action }] }
  }
  return { failure, said: [said === null ? null : { intent: 'success' as const, text: said }] }
}
