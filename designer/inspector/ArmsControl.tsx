import { Input } from '@fluentui/react-components'
import * as z from 'zod'
import { IconButton } from '../shell/IconButton.tsx'
import { type ControlProps, texts, useEditing } from './context.ts'
import { ExitSelect } from './ExitSelect.tsx'
import { Add, TitleOf } from './parts.tsx'

const Arms = z.array(z.object({ id: z.string(), label: z.string(), weight: z.number() }))
const mostArms = 10

/** What is typed as a share; while nothing is, none. */
const shareOf = (text: string): number => Math.min(100, Math.max(0, Math.round(Number(text))))

/** Ways by percent: the share and name of each, and where it leads. */
export function ArmsControl({ field, title, hint, value, problem, onChange }: ControlProps) {
  const { drawing, id, block } = useEditing()
  const arms = Arms.safeParse(value).data ?? []
  const exits = new Map(drawing.views.get(id)?.exits.map((exit) => [exit.name, exit]))
  const together = arms.reduce((sum, { weight }) => sum + weight, 0)
  const remove = (n: number, exit: string) => {
    const linked = block.exits[exit] !== undefined
    onChange(arms.toSpliced(n, 1), linked ? { before: [{ type: 'disconnect', block: id, exit }] } : {})
  }
  const newArm = () => ({ id: crypto.randomUUID().slice(0, 8), label: '', weight: Math.max(0, 100 - together) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group inside a larger form.
    <div className="settings-list" role="group" aria-label={title}>
      <TitleOf title={title} required={field.required} />
      <div className="settings-keys arms">
        <span className="small quiet">{texts.shareHead}</span>
        <span className="small quiet">{texts.wayHead}</span>
        <span className="small quiet">{texts.goesToHead}</span>
        <span />
        {arms.map((arm, n) => (
          <div className="settings-keys-row" key={arm.id} data-field={`${field.name}.${n}`}>
            <Input
              type="number"
              min={0}
              max={100}
              aria-label={texts.share(n + 1)}
              value={String(arm.weight)}
              onChange={(_, { value: text }) => onChange(arms.with(n, { ...arm, weight: shareOf(text) }))}
            />
            <Input
              aria-label={texts.wayName(n + 1)}
              maxLength={60}
              value={arm.label}
              onChange={(_, data) => onChange(arms.with(n, { ...arm, label: data.value }))}
            />
            <ExitSelect exit={exits.get(arm.id) ?? { name: arm.id }} name={texts.wayGoesTo(n + 1)} />
            <IconButton size="small" icon="close" title={texts.removeWay(n + 1)} onClick={() => remove(n, arm.id)} />
          </div>
        ))}
      </div>
      <p className={together === 100 ? 'small quiet' : 'small bad'}>{texts.together(together)}</p>
      {problem === undefined ? <p className="small quiet">{hint}</p> : <p className="small bad">{problem}</p>}
      {arms.length < mostArms && <Add label={texts.addWay} onClick={() => onChange([...arms, newArm()])} />}
    </div>
  )
}
