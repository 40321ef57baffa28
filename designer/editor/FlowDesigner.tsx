import './flowDesigner.css'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Canvas } from '../canvas/Canvas.tsx'
import type { CanvasHandle } from '../canvas/canvasProps.ts'
import { kindsToAdd } from '../canvas/newBlock.ts'
import { FindBlock } from '../header/FindBlock.tsx'
import { findBlocks } from '../header/find.ts'
import { Header } from '../header/Header.tsx'
import { SaveNotices } from '../header/SaveNotices.tsx'
import { designerMessages as words } from '../messages/designer.ts'
import { Palette } from '../palette/Palette.tsx'
import { countBySeverity } from '../problems/finding.ts'
import type { Fix } from '../problems/fixes.ts'
import { Problems } from '../problems/Problems.tsx'
import { fetchLater } from '../shell/fetchLater.ts'
import { IconButton } from '../shell/IconButton.tsx'
import { Loading } from '../shell/Notice.tsx'
import type { OpenedFlow } from '../wire.ts'
import { Dialogs } from './Dialogs.tsx'
import { Settings } from './Settings.tsx'
import type { Notice } from './useNotice.ts'
import { useWork, type Work } from './useWork.ts'

// Nobody waits for the phone who only wants to draw.
const softphone = () => import('../phone/Softphone.tsx')
const Softphone = lazy(async () => ({ default: (await softphone()).Softphone }))

/** The flow designer: header, block types, canvas with problems, and settings or the test phone. */
export function FlowDesigner({ opened, onReload }: { opened: OpenedFlow; onReload(): void }) {
  const work = useWork(opened)
  const { draft, drawing, problems, selection, actions, call } = work
  const { calling } = call
  const counts = countBySeverity(problems)
  const [problemsOpen, setProblemsOpen] = useState(false)
  const [paletteOpen, setPaletteOpen] = useState(false)
  useEffect(() => fetchLater(softphone), [])
  return (
    <div className="designer column" data-calling={calling} data-detail={calling || selection.detail}>
      <Header
        flowId={opened.id}
        draft={draft}
        hearing={actions.hearing}
        problems={counts}
        calling={calling}
        step={work.step}
        find={<FindBlock ref={work.find} find={(text) => findBlocks(drawing, text)} onShow={selection.show} />}
        onRename={(name) => void actions.rename(name, work.edit)}
        onProblems={() => setProblemsOpen(true)}
        onTestCall={call.toggle}
        onPublish={work.openGate}
        onRemove={() => work.openDialog('remove')}
        onExport={() => work.openDialog('export')}
        onImport={() => work.openDialog('replace')}
        onPaste={work.clipboard.paste}
        onFind={work.lookFor}
        onSettings={selection.openFlow}
        onSkip={() => work.canvas.current?.focus()}
      />
      <SaveNotices flowId={opened.id} draft={draft} onTheirs={onReload} onCopy={actions.saveCopy} />
      <div className="designer-body" data-palette={paletteOpen}>
        <div className="designer-left">
          <PaletteRail disabled={calling} onOpen={() => setPaletteOpen(true)} />
          {!calling && (
            <div className="designer-palette">
              <Palette
                kinds={kindsToAdd(drawing.flow)}
                onAdd={selection.add}
                onClose={paletteOpen ? () => setPaletteOpen(false) : undefined}
              />
            </div>
          )}
        </div>
        <Stage work={work} open={problemsOpen && !calling} onToggle={() => setProblemsOpen(!problemsOpen)} />
        <div className="designer-right">
          {calling ? <Phone work={work} errors={counts.errors + counts.todo} /> : <Settings work={work} />}
        </div>
      </div>
      <p className="unseen" role="status">
        {work.announced}
      </p>
      <Dialogs work={work} />
    </div>
  )
}

/** Where the palette is folded away, on a narrow page, this opens it. */
const PaletteRail = ({ disabled, onOpen }: { disabled: boolean; onOpen(): void }) => (
  <div className="designer-rail">
    <IconButton icon="plus" title={words.palette.add} disabled={disabled} onClick={onOpen} />
  </div>
)

/** The canvas, and under it what is wrong with what is drawn there. */
function Stage({ work, open, onToggle }: { work: Work; open: boolean; onToggle(): void }) {
  const { opened, drawing, problems, selection, call, canvas, notice } = work
  const [zoom, setZoom] = useState(100)
  const onFix = call.calling ? undefined : ({ changes }: Fix) => work.edit(changes)
  return (
    <main className="designer-main column">
      <Canvas
        ref={canvas}
        viewKey={opened.id}
        drawing={drawing}
        problems={problems}
        mode={call.calling ? 'view' : 'edit'}
        selected={call.calling ? [] : selection.selected}
        onSelect={selection.select}
        onChange={work.edit}
        onOpen={selection.open}
        onRefuse={(text) => work.say({ text, canUndo: false })}
        onZoom={setZoom}
        trace={call.trace}
        readOnlyReason={call.readOnlyReason}
      />
      {notice && <Toast notice={notice} onUndo={() => work.step('undo')} />}
      <Problems {...{ drawing, problems, open, onToggle }} isChecked={work.isChecked} onShow={work.show} onFix={onFix}>
        <ZoomTools zoom={zoom} canvas={canvas} />
      </Problems>
    </main>
  )
}

const Phone = ({ work: { opened, draft, drawing, call }, errors }: { work: Work; errors: number }) => (
  <Suspense fallback={<Loading />}>
    <Softphone
      flowId={opened.id}
      flow={drawing.flow}
      rules={drawing.rules}
      errors={errors}
      saveFirst={draft.saving.saveNow}
      {...call.phone}
    />
  </Suspense>
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
