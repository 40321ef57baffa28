import type { Problem } from './problem.ts'

const iconSize = { color: 192, outline: 32 }
const colorTypesWithAlpha = [4, 6]

/** Reads only the header of the PNG: https://www.w3.org/TR/png-3/#11IHDR */
export function iconProblems(name: 'color' | 'outline', bytes: Uint8Array): Problem[] {
  const size = iconSize[name]
  const problem = (what: string): Problem => ({
    what,
    where: `appPackage/${name}.png`,
    fix: `Make it again from ${name}.svg, ${size} by ${size} pixels, as appPackage/README.md says.`,
  })

  const signature = String.fromCharCode(...bytes.subarray(0, 16))
  if (bytes.length < 33 || !signature.startsWith('\x89PNG\r\n\x1a\n') || !signature.endsWith('IHDR')) {
    return [problem('The icon is not a PNG file')]
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  if (width !== size || height !== size)
    return [problem(`The icon is ${width} by ${height} pixels, and not ${size} by ${size}`)]
  if (name === 'outline' && !colorTypesWithAlpha.includes(view.getUint8(25))) {
    return [problem('The outline icon has no transparent background')]
  }
  return []
}
