import { Button, Input } from '@fluentui/react-components'
import { useState } from 'react'
import { api } from '../shell/api.ts'
import { errorWords } from '../shell/words.ts'
import { type ControlProps, texts, useEditing } from './context.ts'
import { Setting } from './parts.tsx'

/** The name of a secret. The secret itself stands under Settings. A host that it may not go to can be allowed here. */
export function SecretControl(props: ControlProps) {
  const { example, value, onChange } = props
  const { problems, id } = useEditing()
  const kept = problems.find(({ code, block }) => code === 'secretHost' && block === id)
  return (
    <>
      <Setting {...props}>
        <Input
          className="settings-expression"
          value={typeof value === 'string' ? value : ''}
          placeholder={example}
          onChange={(_, data) => onChange(data.value)}
        />
      </Setting>
      <AllowHost secret={kept?.detail} host={kept?.reason} />
    </>
  )
}

/** One press for a host that a secret may not go to yet. It stays where it was pressed, to tell how that went. */
function AllowHost({ secret, host }: { secret: string | undefined; host: string | undefined }) {
  const { reloadNames } = useEditing()
  const [told, setTold] = useState<{ text: string; isBad: boolean } | null>(null)
  async function allow(name: string, one: string) {
    try {
      const { items } = await api.namedValues()
      const item = items.find((named) => named.kind === 'secret' && named.name === name)
      if (item?.fixed) return setTold({ text: texts.fixedHosts(name), isBad: true })
      await api.allowHost(name, one)
      setTold({ text: texts.hostAllowed(one), isBad: false })
      reloadNames()
    } catch (error) {
      setTold({ text: errorWords(error), isBad: true })
    }
  }
  return (
    <div>
      {secret !== undefined && host !== undefined && (
        <Button onClick={() => void allow(secret, host)}>{texts.allowHost(host)}</Button>
      )}
      <p className={told?.isBad ? 'small bad' : 'small quiet'} role="status">
        {told?.text}
      </p>
    </div>
  )
}
