import { join, relative } from 'node:path'
import { buildClientPackage } from './clientPackage/build.ts'

/** `npm run package:client`: makes communications/ a package of its own, ready for `npm publish`. */
const root = join(import.meta.dirname, '..')
const { tarball, packedBytes, unpackedBytes, files, dependencies, footprint } = buildClientPackage(
  root,
  join(root, 'build', 'communications-package'),
)

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`
const direct = Object.entries(dependencies).map(([name, range]) => `${name} ${range}`)

console.log(`Wrote ${relative(root, tarball)}: ${files.length} files.
  To download: ${kilobytes(packedBytes)}. Unpacked: ${kilobytes(unpackedBytes)}.
  Dependencies: ${direct.join(', ')}.
  With theirs: ${footprint.packages} packages, ${(footprint.bytes / 1_000_000).toFixed(1)} MB on disk.`)
