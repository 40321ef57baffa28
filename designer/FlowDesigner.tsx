import './flowDesigner.css'
import { Button } from '@fluentui/react-components'
import {
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { BlockKind } from '#flow/block.ts'
import { check, type Problem } from '#flow/check.ts'
import { FlowError } from '#flow/error.ts'
import { Canvas, type CanvasHandle, type Edit } from './canvas/Canvas.tsx'
import { addBehind, kindsToAdd } from './canvas/newBlock.ts'
import { callOrder } from './canvas/order.ts'
import type { Trace } from './canvas/trace.ts'
import { describeChanges, replacesLink } from './describe.ts'
import { FindBlock, type FindHandle } from './header/FindBlock.tsx'
import { findBlocks } from './header/find.ts'
import { Header } from './header/Header.tsx'
import { ConflictNotice, UnsavedNotice } from './header/SaveNotices.tsx'
import { Icon } from './icons.tsx'
import type { WantedField } from './inspector/Inspector.tsx'
import { designerMessages as words } from './messages/designer.en.ts'
import { Palette } from './palette/Palette.tsx'
import type { PhoneSlotProps } from './phoneSlot.ts'
import { Problems } from './problems/Problems.tsx'
import { countBySeverity, fieldOf } from './problems/problemWords.ts'
import { api, type OpenedFlow } from './shell/api.ts'
import { fetchLater } from './shell/fetchLater.ts'
import { Failed, Loading } from './shell/Notice.tsx'
import { useLoaded } from './shell/useLoaded.ts'
import { errorWords } from './shell/words.ts'
import { useDraft } from './useDraft.ts'
import { type Views, viewsOf } from './views.ts'

export type FlowDesignerProps = {
  flowId: string
  /** The test phone, which stands in place of the settings while it is open. */
  phone(props: PhoneSlotProps): ReactNode
}

/** The flow designer: header, block types, canvas with problems, and settings or the test phone. */
export function FlowDesigner({ flowId, phone }: FlowDesignerProps) {
  const { value: opened, error, reload } = useLoaded(`flow ${flowId}`, (signal) => api.flow(flowId, signal))
  if (!opened) return error ? <Failed error={error} onAgain={reload} /> : <Loading />
  return <Designer key={`${flowId} ${opened.revision}`} opened={opened} phone={phone} onReload={reload} />
}

/** Resolves when the blocks are drawn: the canvas measures itself in a first frame, and draws them in a second. */
const drawn = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))
    // No frames come to a page in the background.
    setTimeout(done, 300)
  })

// The canvas is drawn first; settings follow at once, and dialogs when they are asked for: much of Fluent is theirs alone.
const Inspector = lazy(async () => {
  await drawn()
  return { default: (await import('./inspector/Inspector.tsx')).Inspector }
})
const FlowSettings = lazy(async () => {
  await drawn()
  return { default: (await import('./inspector/FlowSettings.tsx')).FlowSettings }
})
const publishDialog = () => import('./header/PublishDialog.tsx')
const deleteDialog = () => import('./shell/DeleteDialog.tsx')
const PublishDialog = lazy(async () => ({ default: (await publishDialog()).PublishDialog }))
const DeleteDialog = lazy(async () => ({ default: (await deleteDialog()).DeleteDialog }))

type Notice = { text: string; canUndo: boolean }

function Designer({
  opened,
  phone,
  onReload,
}: Omit<FlowDesignerProps, 'flowId'> & { opened: OpenedFlow; onReload(): void }) {
  const draft = useDraft(opened)
  const { flow } = draft
  const views = useViews(flow)
  const problems = useProblems(flow)
  const order = useMemo(() => callOrder(flow, views), [flow, views])

  const [selected, setSelected] = useState<readonly string[]>([])
  const [wanted, setWanted] = useState<WantedField | null>(null)
  const [version, setVersion] = useState(opened.published?.number ?? null)
  const [answers, setAnswers] = useState(opened.answers)
  const [problemsOpen, setProblemsOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [zoom, setZoom] = useState(100)
  const [dialog, setDialog] = useState<{ kind: 'publish' | 'remove'; open: boolean } | null>(null)
  const closeDialog = () => setDialog((last) => last && { ...last, open: false })
  const [calling, setCalling] = useState(() => new URLSearchParams(window.location.search).has('call'))
  const [trace, setTrace] = useState<Trace | null>(null)
  const inCall = trace?.visits.some(({ state }) => state === 'now')
  const [announced, setAnnounced] = useState('')
  const [notice, setNotice] = useState<Notice | null>(null)
  const canvas = useRef<CanvasHandle>(null)
  const find = useRef<FindHandle>(null)

  useEffect(() => {
    if (!notice) return
    const timer = setTimeout(setNotice, 6000, null)
    return () => clearTimeout(timer)
  }, [notice])

  useEffect(() => fetchLater(publishDialog, deleteDialog), [])

  const latestViews = useRef(views)
  latestViews.current = views
  const { change, latest } = draft
  const edit: Edit = useCallback(
    (changes, gesture) => {
      const before = latest()
      try {
        change(changes, gesture)
      } catch (problem) {
        if (!(problem instanceof FlowError)) throw problem
        // What the change names is gone, for example by an undo a moment before: there is nothing left to change.
        return
      }
      const said = describeChanges(before, latestViews.current, changes)
      if (said !== null) setAnnounced(said)
      if (said !== null && changes.some((one) => replacesLink(before, one))) setNotice({ text: said, canUndo: true })
    },
    [change, latest],
  )

  function step(direction: 'undo' | 'redo') {
    if (calling || !(direction === 'undo' ? draft.canUndo : draft.canRedo)) return
    draft[direction]()
    setNotice(null)
    setAnnounced(direction === 'undo' ? words.done.undone : words.done.redone)
  }

  function show(problem: Problem) {
    closeDialog()
    setSelected(problem.block === null ? [] : [problem.block])
    if (problem.block !== null) canvas.current?.show(problem.block)
    setWanted({ field: problem.block === null ? (problem.field ?? 'variables') : fieldOf(problem) })
  }

  function addKind(kind: BlockKind) {
    const { id, changes } = addBehind({ flow, views }, kind, selected[0] ?? flow.start)
    edit(changes)
    setSelected([id])
    canvas.current?.focus(id)
  }

  function removeSelected(heal: boolean) {
    const next = order[order.indexOf(selected[0] ?? '') - 1] ?? flow.start
    edit([{ type: 'removeBlocks', ids: selected, heal }])
    setSelected([])
    canvas.current?.focus(next)
  }

  function closeSettings() {
    const [block] = selected
    setSelected([])
    canvas.current?.focus(block)
  }

  async function publish(note: string) {
    await draft.saving.saveNow()
    const { number } = await api.publish(opened.id, draft.saving.revision(), note)
    setVersion(number)
    closeDialog()
    setNotice({
      text: `${words.publish.done(number)} ${answers.length === 0 ? words.publish.answersNobody : ''}`,
      canUndo: false,
    })
  }

  async function saveCopy() {
    try {
      const name = words.conflict.copyName(flow.name).slice(0, 100)
      const { id } = await api.createFlow(name, 'empty')
      const { revision } = await api.flow(id)
      await api.saveFlow(id, { ...flow, name }, revision)
      draft.saving.discard()
      window.location.assign(`/flows/${id}`)
    } catch (problem) {
      setNotice({ text: words.saved.failed(errorWords(problem)), canUndo: false })
    }
  }

  async function remove() {
    await api.removeFlow(opened.id)
    draft.saving.discard()
    window.location.assign('/flows')
  }

  const shortcuts = useRef((_: KeyboardEvent) => {})
  shortcuts.current = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.key.toLowerCase()
    if (key === 'f' && !calling) {
      event.preventDefault()
      find.current?.open()
    }
    if (isTextField(event.target) || dialog?.open) return
    const undo = key === 'z' && !event.shiftKey
    const redo = (key === 'z' && event.shiftKey) || key === 'y'
    if (!undo && !redo) return
    event.preventDefault()
    step(undo ? 'undo' : 'redo')
  }
  useEffect(() => {
    const hear = (event: KeyboardEvent) => shortcuts.current(event)
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])

  const saveFirst = useCallback(() => draft.saving.saveNow(), [draft.saving])
  const closePhone = useCallback(() => {
    setCalling(false)
    setTrace(null)
  }, [])

  const [only] = selected
  const block = selected.length === 1 && only !== undefined ? flow.blocks[only] : undefined
  const editing = block && only !== undefined ? { flow, views, problems, id: only, block, onChange: edit } : null
  return (
    <div className="designer" data-calling={calling} data-detail={calling || selected.length > 0}>
      <Header
        name={flow.name}
        onRename={(name) => edit([{ type: 'renameFlow', name }])}
        saveState={draft.saveState}
        version={version}
        onSaveAgain={() => void draft.saving.saveNow().catch(() => {})}
        problems={countBySeverity(problems)}
        onProblems={() => setProblemsOpen(true)}
        canUndo={draft.canUndo}
        canRedo={draft.canRedo}
        onUndo={() => step('undo')}
        onRedo={() => step('redo')}
        calling={calling}
        onTestCall={() => (calling ? closePhone() : setCalling(true))}
        onPublish={() => setDialog({ kind: 'publish', open: true })}
        onRemove={() => setDialog({ kind: 'remove', open: true })}
        find={
          <FindBlock
            ref={find}
            find={(text) => findBlocks(flow, views, order, text)}
            onShow={(id) => {
              setSelected([id])
              canvas.current?.show(id)
            }}
          />
        }
      />
      <ConflictNotice
        state={draft.saveState}
        onTheirs={() => {
          draft.saving.discard()
          onReload()
        }}
        onMine={() => void draft.saving.overwrite().catch(() => {})}
        onCopy={() => void saveCopy()}
      />
      <UnsavedNotice unsaved={draft.unsaved} onRestore={draft.restoreUnsaved} onDiscard={draft.discardUnsaved} />
      <div className="designer-body" data-palette={paletteOpen}>
        <div className="designer-left">
          <div className="designer-rail">
            <Button
              appearance="subtle"
              icon={<Icon name="plus" />}
              title={words.palette.add}
              aria-label={words.palette.add}
              disabled={calling}
              onClick={() => setPaletteOpen(true)}
            />
          </div>
          {!calling && (
            <div className="designer-palette">
              <Palette
                kinds={kindsToAdd(flow)}
                onAdd={addKind}
                onClose={paletteOpen ? () => setPaletteOpen(false) : undefined}
              />
            </div>
          )}
        </div>
        <main className="designer-main">
          <Canvas
            ref={canvas}
            viewKey={opened.id}
            flow={flow}
            views={views}
            problems={problems}
            mode={calling ? 'view' : 'edit'}
            selected={calling ? [] : selected}
            onSelect={setSelected}
            onChange={edit}
            onOpen={(id) => {
              setSelected([id])
              setWanted({ field: null })
            }}
            onRefuse={(text) => setNotice({ text, canUndo: false })}
            onZoom={setZoom}
            trace={trace}
            {...(calling ? { readOnlyReason: inCall ? words.phone.readOnly : words.phone.readOnlyAfter } : {})}
          />
          {notice && (
            <div className="designer-toast" role="status">
              <span>{notice.text}</span>
              {notice.canUndo && (
                <button type="button" onClick={() => step('undo')}>
                  {words.done.undo}
                </button>
              )}
            </div>
          )}
          <Problems
            flow={flow}
            views={views}
            problems={problems}
            open={problemsOpen && !calling}
            onToggle={() => setProblemsOpen(!problemsOpen)}
            onShow={show}
          >
            <ZoomTools zoom={zoom} canvas={canvas} />
          </Problems>
        </main>
        <div className="designer-right">
          {calling ? (
            phone({ flowId: opened.id, flow, saveFirst, onTrace: setTrace, onClose: closePhone })
          ) : (
            <Suspense fallback={<aside className="settings" aria-label={words.inspector.title} aria-busy />}>
              <Inspector
                of={
                  editing
                    ? { type: 'block', editing }
                    : selected.length > 1
                      ? { type: 'several', count: selected.length }
                      : {
                          type: 'flow',
                          settings: (
                            <FlowSettings
                              flowId={opened.id}
                              flow={flow}
                              views={views}
                              problems={problems}
                              answers={answers}
                              onAnswers={setAnswers}
                              onChange={edit}
                            />
                          ),
                        }
                }
                wanted={wanted}
                onRemove={removeSelected}
                onClose={closeSettings}
              />
            </Suspense>
          )}
        </div>
      </div>
      <p className="unseen" role="status">
        {announced}
      </p>
      <Suspense>
        {dialog?.kind === 'publish' && (
          <PublishDialog
            open={dialog.open}
            flow={flow}
            views={views}
            problems={check(flow)}
            publish={publish}
            onShow={show}
            onClose={closeDialog}
          />
        )}
        {dialog?.kind === 'remove' && (
          <DeleteDialog open={dialog.open} name={flow.name} remove={remove} onClose={closeDialog} />
        )}
      </Suspense>
    </div>
  )
}

function ZoomTools({ zoom, canvas }: { zoom: number; canvas: { readonly current: CanvasHandle | null } }) {
  const { zoomIn, zoomOut, fit, percent, view } = words.canvas
  const tool = (icon: 'plus' | 'minus' | 'fit', title: string, act: (handle: CanvasHandle) => void) => (
    <Button
      appearance="subtle"
      icon={<Icon name={icon} />}
      title={title}
      aria-label={title}
      onClick={() => canvas.current && act(canvas.current)}
    />
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: three buttons and a figure, no form.
    <div className="zoom" role="group" aria-label={view}>
      {tool('minus', zoomOut, (handle) => handle.zoomOut())}
      <span className="small figures">{percent(zoom)}</span>
      {tool('plus', zoomIn, (handle) => handle.zoomIn())}
      {tool('fit', fit, (handle) => handle.fit())}
    </div>
  )
}

/** The views of the blocks; only those of changed blocks are made anew. */
function useViews(flow: OpenedFlow['flow']) {
  const memory = useRef<Views | null>(null)
  memory.current = viewsOf(flow, memory.current)
  return memory.current.views
}

/** What is wrong with the flow, found when the hand has a moment's rest, so that typing never waits for it. */
function useProblems(flow: OpenedFlow['flow']): readonly Problem[] {
  const deferred = useDeferredValue(flow)
  return useMemo(() => check(deferred), [deferred])
}

function isTextField(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && target.type !== 'checkbox'
}
