import { Button, Field, Select } from '@fluentui/react-components'
import * as z from 'zod'
import type { Change } from '#flow/edit.ts'
import { linkOf } from '#flow/subFlows.ts'
import { type ControlProps, texts, useEditing } from './context.ts'
import { Options, Setting } from './parts.tsx'

const Chosen = z.object({
  id: z.string().catch(''),
  name: z.string().catch(''),
  version: z.number().nullable().catch(null),
  exits: z.array(z.string()).optional().catch(undefined),
})
type Chosen = z.output<typeof Chosen>

const chosenIn = (value: unknown): Chosen => Chosen.safeParse(value).data ?? { id: '', name: '', version: null }

/** What is known of published flows, and of the one that the block names. */
export function useFaces() {
  const { block, drawing } = useEditing()
  const faces = drawing.rules?.shared.flows ?? {}
  const chosen = chosenIn(block.settings.flow)
  return { faces, face: faces[linkOf(chosen)] }
}

/** A flow that answers calls, and of it the version. */
export const FlowControl = (props: ControlProps) => <FlowPicker {...props} subFlows={false} />

/** A flow that other flows call. The exits of the block are those of the version that is chosen. */
export const SubFlowControl = (props: ControlProps) => <FlowPicker {...props} subFlows />

function FlowPicker({ value, onChange, subFlows, ...setting }: ControlProps & { subFlows: boolean }) {
  const { block, id: own } = useEditing()
  const { faces, face } = useFaces()
  const chosen = chosenIn(value)
  const latest = Object.entries(faces)
    .filter(([link, one]) => link === linkOf({ id: one.id, version: null }) && (one.parameters !== null) === subFlows)
    .map(([, one]) => one)
    .sort((a, b) => a.name.localeCompare(b.name))
  const newest = latest.find(({ id }) => id === chosen.id)
  const choose = (id: string, version: number | null) => {
    const there = faces[linkOf({ id, version })]
    const name = there?.name ?? chosen.name
    if (!subFlows) return onChange({ id, name, version })
    const exits = there?.exits ?? []
    const gone = (chosen.exits ?? []).filter((exit) => !exits.includes(exit) && block.exits[exit] !== undefined)
    const before = gone.map((exit): Change => ({ type: 'disconnect', block: own, exit }))
    onChange({ id, name, version, exits: [...exits] }, { before })
  }
  return (
    <div className="settings-list" data-field={`${setting.field.name}.id`}>
      <Setting {...setting}>
        <Select value={chosen.id} onChange={(_, { value: id }) => choose(id, null)}>
          {newest === undefined && <option value={chosen.id}>{chosen.name}</option>}
          <Options of={latest.map(({ id, name }) => ({ value: id, label: name }))} />
        </Select>
      </Setting>
      {latest.length === 0 && <p className="small quiet">{subFlows ? texts.noSubFlows : texts.noFlows}</p>}
      {newest && (
        <VersionSelect
          id={chosen.id}
          version={chosen.version}
          newest={newest.version}
          onChoose={(version) => choose(chosen.id, version)}
        />
      )}
      {subFlows && face && !sameNames(face.exits, chosen.exits ?? []) && (
        <Button onClick={() => choose(chosen.id, chosen.version)}>{texts.takeExits}</Button>
      )}
      {newest && (
        <p className="small quiet">
          <a href={`/flows/${chosen.id}`}>{texts.openFlow}</a>
        </p>
      )}
    </div>
  )
}

type VersionProps = { id: string; version: number | null; newest: number; onChoose(version: number | null): void }

/** Always the latest, or one that stays. */
function VersionSelect({ id, version, newest, onChoose }: VersionProps) {
  const { faces } = useFaces()
  const numbers = new Set(Object.values(faces).flatMap((face) => (face.id === id ? face.version : [])))
  if (version !== null) numbers.add(version)
  const pins = [...numbers].sort((a, b) => b - a).map((one) => ({ value: `${one}`, label: texts.pinnedTo(one) }))
  return (
    <>
      <Field label={texts.flowVersion}>
        <Select
          value={version === null ? '' : `${version}`}
          onChange={(_, { value }) => onChoose(value === '' ? null : Number(value))}
        >
          <option value="">{texts.alwaysLatest(newest)}</option>
          <Options of={pins} />
        </Select>
      </Field>
      {version !== null && version < newest && (
        <div className="row">
          <span className="small quiet">{texts.newerVersion(newest, version)}</span>
          <Button size="small" onClick={() => onChoose(newest)}>
            {texts.takeVersion(newest)}
          </Button>
        </div>
      )}
    </>
  )
}

const sameNames = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name) => others.includes(name))
