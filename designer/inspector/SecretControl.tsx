import { Input } from '@fluentui/react-components'
import type { ControlProps } from './context.ts'
import { Setting } from './parts.tsx'

/** The name of a secret. The secret itself stands under Settings. */
export function SecretControl(props: ControlProps) {
  const { example, value, onChange } = props
  return (
    <Setting {...props}>
      <Input
        className="settings-expression"
        value={typeof value === 'string' ? value : ''}
        placeholder={example}
        onChange={(_, data) => onChange(data.value)}
      />
    </Setting>
  )
}
