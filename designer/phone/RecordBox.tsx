import { Button } from '@fluentui/react-components'
import { phoneMessages } from '../messages/phone.ts'
import { lengthOf } from '../shell/words.ts'
import type { Recording } from './view.ts'

const words = phoneMessages.recording
/** Long enough for a message, and short enough to wait for its end. */
const speechSeconds = 5

type Props = { recording: Recording; now: number; onSpeak(seconds: number): void; onFinish(key: string): void }

/** What the caller says is recorded: for how long already, somebody who speaks, and the key that ends it. */
export function RecordBox({ recording: { since, speaksUntil, stopKey }, now, onSpeak, onFinish }: Props) {
  const speaks = now < speaksUntil
  return (
    <div className="phone-wait">
      <p className="strong row">
        {words.title}
        <span className="space" />
        <span className="figures">{lengthOf(now - since)}</span>
      </p>
      <p className="small" role="status">
        {speaks ? words.speaking : words.silent}
      </p>
      <div className="phone-answers">
        <Button disabledFocusable={speaks} onClick={() => onSpeak(speechSeconds)}>
          {words.speak(speechSeconds)}
        </Button>
        {stopKey !== null && <Button onClick={() => onFinish(stopKey)}>{words.finish}</Button>}
      </div>
    </div>
  )
}
