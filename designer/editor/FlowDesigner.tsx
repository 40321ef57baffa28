import './flowDesigner.css'
import { lazy, type RefObject, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { check } from '#flow/check.ts'
import { Canvas } from '../canvas/Canvas.tsx'
import type { CanvasHandle } from '../canvas/canvasProps.ts'
import { kindsToAdd } from '../canvas/newBlock.ts'
import { useDraft } from '../draft/useDraft.ts'
import type { Drawing } from '../drawing.ts'
import { FindBlock, type FindHandle } from '../header/FindBlock.tsx'
import { findBlocks } from '../header/find.ts'
import { Header } from '../header/Header.tsx'
import { SaveNotices } from '../header/SaveNotices.tsx'
import { designerMessages as words } from '../messages/designer.ts'
import { Palette } from '../palette/Palette.tsx'
import { countBySeverity, type Finding, findingsOf } from '../problems/finding.ts'
import { Problems } from '../problems/Problems.tsx'
import { fetchLater } from '../shell/fetchLater.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { Loading } from '../shell/Notice.tsx'
import { useDrawing } from '../useDrawing.ts'
import type { OpenedFlow } from '../wire.ts'
import { Dialogs, useDialog } from './Dialogs.tsx'
import { Settings } from './Settings.tsx'
import { useClipboard } from './useClipboard.ts'
import { useEdit } from './useEdit.ts'
import { useFlowActions } from './useFlowActions.ts'
import { useFresh } from './useFresh.ts'
import { type Notice, useNotice } from './useNotice.ts'
import { useSelection } from './useSelection.ts'
import { useShortcuts } from './useShortcuts.ts'
import { useTestCall } from './useTestCall.ts'

// Nobody waits for the phone who only wants to draw.
const softphone = () => import('../phone/Softphone.tsx')
const Softphone = lazy(async () => ({ default: (await softphone()).Softphone }))

/** The flow designer: header, block types, canvas with problems, and settings or the test phone. */
export function FlowDesigner({ opened, onReload }: { opened: OpenedFlow; onReload(): void }) {
  const draft = useDraft(opened)
  const drawing = useDrawing(draft.flow)
  const { flow } = drawing
  const [notice, setNotice] = useNotice()
  const { calling, trace, ...call } = useTestCall()
  const canvas = useRef<CanvasHandle>(null)
  const { fresh, begin, follow, endAll } = useFresh(canvas)
  const { edit, step, announced } = useEdit({ draft, drawing, fixed: calling, show: setNotice, onAdded: begin })
  const selection = useSelection(drawing, edit, canvas)
  const { selected } = selection
  useEffect(() => follow(selected), [follow, selected])
  const problems = useFindings(drawing, fresh)
  const counts = countBySeverity(problems)
  const actions = useFlowActions(opened, draft, setNotice)
  const [problemsOpen, setProblemsOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  const [zoom, setZoom] = useState(100)
  const { dialog, openDialog, closeDialog } = useDialog()
  const find = useRef<FindHandle>(null)
  useEffect(() => fetchLater(softphone), [])
  useFirstFocus(opened, canvas)

  const inDialog = dialog?.open === true
  const { select, remove } = selection
  const fixed = calling ? call.readOnlyReason : undefined
  const clipboard = useClipboard({ drawing, selected, edit, select, remove, canvas, fixed, inDialog, say: setNotice })
  useShortcuts({
    find: calling ? null : () => find.current?.open(),
    step,
    duplicate: clipboard.duplicate,
    inDialog,
  })

  function show(problem: Finding) {
    closeDialog()
    selection.showProblem(problem)
  }

  return (
    <div className="designer column" data-calling={calling} data-detail={calling || selection.detail}>
      <Header
        draft={draft}
        onRename={(name) => void actions.rename(name, edit)}
        hearing={actions.hearing}
        problems={counts}
        onProblems={() => setProblemsOpen(true)}
        step={step}
        calling={calling}
        onTestCall={call.toggle}
        onPublish={() => {
          endAll()
          openDialog('publish')
        }}
        onRemove={() => openDialog('remove')}
        onImport={() => openDialog('replace')}
        onPaste={clipboard.paste}
        flowId={opened.id}
        onFind={() => find.current?.open()}
        onSettings={selection.openFlow}
        onSkip={() => canvas.current?.focus()}
        find={<FindBlock ref={find} find={(text) => findBlocks(drawing, text)} onShow={selection.show} />}
      />
      <SaveNotices flowId={opened.id} draft={draft} onTheirs={onReload} onCopy={actions.saveCopy} />
      <div className="designer-body" data-palette={paletteOpen}>
        <div className="designer-left">
          <PaletteRail disabled={calling} onOpen={() => setPaletteOpen(true)} />
          {!calling && (
            <div className="designer-palette">
              <Palette
                kinds={kindsToAdd(flow)}
                onAdd={selection.add}
                onClose={paletteOpen ? () => setPaletteOpen(false) : undefined}
              />
            </div>
          )}
        </div>
        <main className="designer-main column">
          <Canvas
            ref={canvas}
            viewKey={opened.id}
            drawing={drawing}
            problems={problems}
            mode={calling ? 'view' : 'edit'}
            selected={calling ? [] : selected}
            onSelect={selection.select}
            onChange={edit}
            onOpen={selection.open}
            onRefuse={(text) => setNotice({ text, canUndo: false })}
            onZoom={setZoom}
            trace={trace}
            readOnlyReason={call.readOnlyReason}
          />
          {notice && <Toast notice={notice} onUndo={() => step('undo')} />}
          <Problems
            drawing={drawing}
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
            <Suspense fallback={<Loading />}>
              <Softphone
                flowId={opened.id}
                flow={flow}
                errors={counts.errors + counts.todo}
                saveFirst={draft.saving.saveNow}
                {...call.phone}
              />
            </Suspense>
          ) : (
            <Settings
              flowId={opened.id}
              drawing={drawing}
              problems={problems}
              selected={selected}
              wanted={selection.wanted}
              answers={actions.answers}
              onAnswers={actions.setAnswers}
              onChange={edit}
              onRemove={selection.remove}
              clipboard={clipboard}
              onShow={show}
              onClose={selection.clear}
            />
          )}
        </div>
      </div>
      <p className="unseen" role="status">
        {announced}
      </p>
      <Dialogs
        dialog={dialog}
        drawing={drawing}
        others={actions.others}
        hearing={actions.hearing}
        publish={actions.publish}
        remove={actions.remove}
        replace={(file, said) => {
          actions.replace(file, said)
          // All of it is drawn by then.
          requestAnimationFrame(() => canvas.current?.fit())
        }}
        onShow={show}
        onClose={closeDialog}
      />
    </div>
  )
}

/** Where the palette is folded away, on a narrow page, this opens it. */
const PaletteRail = ({ disabled, onOpen }: { disabled: boolean; onOpen(): void }) => (
  <div className="designer-rail">
    <IconButton icon="plus" title={words.palette.add} disabled={disabled} onClick={onOpen} />
  </div>
)

const Toast = ({ notice, onUndo }: { notice: Notice; onUndo(): void }) => (
  <div className="designer-toast" role="status">
    <span>{notice.text}</span>
    {notice.canUndo && (
      <button type="button" className="bare strong" onClick={onUndo}>
        {words.done.undo}
      </button>
    )}
  </div>
)

function ZoomTools({ zoom, canvas }: { zoom: number; canvas: { readonly current: CanvasHandle | null } }) {
  const { zoomIn, zoomOut, fit, percent, view } = words.canvas
  const tool = (icon: 'plus' | 'minus' | 'fit', title: string, act: (handle: CanvasHandle) => void) => (
    <IconButton icon={icon} title={title} onClick={() => canvas.current && act(canvas.current)} />
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

/** What is wrong with the flow, found when the hand has a moment's rest, so that typing never waits for it. */
function useFindings(drawing: Drawing, fresh: ReadonlySet<string>): readonly Finding[] {
  const { flow, views } = useDeferredValue(drawing)
  const problems = useMemo(() => check(flow, { views }), [flow, views])
  return useMemo(() => findingsOf(problems, fresh), [problems, fresh])
}

/** Whoever has just made this flow goes on drawing it, and must not look for the way in. */
function useFirstFocus({ revision }: OpenedFlow, canvas: RefObject<CanvasHandle | null>) {
  useEffect(() => {
    if (revision !== 1) return
    // The canvas is drawn when it knows its size.
    let frame = requestAnimationFrame(function again() {
      if (!canvas.current) frame = requestAnimationFrame(again)
      else if (document.activeElement === document.body) canvas.current.focus()
    })
    return () => cancelAnimationFrame(frame)
  }, [revision, canvas])
}
