import { build } from 'esbuild'
import { expect, it } from 'vitest'

/** The packages and files that a page loads before anything of it is shown; what it imports later is not among them. */
async function loadedFirst(page: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [page],
    bundle: true,
    splitting: true,
    write: false,
    outdir: 'nowhere',
    format: 'esm',
    metafile: true,
    jsx: 'automatic',
    logLevel: 'error',
    external: ['react', 'react-dom', 'react/*', 'next/*', '@fluentui/*', '@microsoft/*', '*.css'],
  })
  const { inputs, outputs } = metafile
  const found = new Set<string>()
  const take = (name: string) => {
    const output = outputs[name]
    if (!output || found.has(name)) return
    found.add(name)
    for (const input of Object.keys(output.inputs)) found.add(input)
    for (const { path, kind } of output.imports) if (kind === 'import-statement') take(path)
  }
  for (const [name, { entryPoint }] of Object.entries(outputs)) if (entryPoint === page) take(name)
  return [...found].filter((name) => name in inputs)
}

it.each([
  'designer/flows/FlowsPage.tsx',
  'designer/flows/NewFlowPage.tsx',
  'designer/calls/CallsPage.tsx',
  'designer/mailbox/MessagesPage.tsx',
])('%s shows a list, and loads nothing first that reads, checks or draws flows', async (page) => {
  const loaded = await loadedFirst(page)
  expect(loaded).toContain(page)
  expect(
    loaded.filter((name) => /node_modules\/(?:zod|@xyflow|@marcbachmann)|^flow\/(?:blocks|templates)\//.test(name)),
  ).toEqual([])
})

it('the designer draws a flow before it loads the language of expressions, and settings and dialogs follow as well', async () => {
  const loaded = await loadedFirst('designer/editor/DesignerPage.tsx')
  expect(loaded).toContain('flow/view.ts')
  const later = /node_modules\/@marcbachmann|^flow\/check\.ts|^designer\/(?:inspector|phone)\/.*\.tsx|Dialog\.tsx/
  expect(loaded.filter((name) => later.test(name))).toEqual([])
})
