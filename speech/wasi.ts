/**
 * As much of WASI preview 1 as flite asks for: arguments, a clock that stands still, and one folder of files in memory.
 * node:wasi is not used: in Node 20 it took the whole process down (segmentation fault) after some megabytes of speech, see
 * decisions/speech-offline-voice.md. Nothing of this machine can be reached through it: no disk, no environment, no time.
 * The numbers are those of https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md
 */
const errno = { success: 0, badDescriptor: 8, noSuchFile: 44, invalid: 28, isDirectory: 31 }
const fileType = { characterDevice: 2, directory: 3, regularFile: 4 }
const creat = 1
const truncate = 8
const folderDescriptor = 3
const allRights = 0xffff_ffff_ffff_ffffn
const mostOutput = 32 * 1024 * 1024

type File = { bytes: Uint8Array; length: number }
type OpenFile = { file: File; position: number }
type Files = Map<string, Uint8Array>

class Exit extends Error {
  override readonly name = 'Exit'
  readonly code: number

  constructor(code: number) {
    super(`The program ended with exit code ${code}`)
    this.code = code
  }
}

/**
 * Runs a WASI command once, in a fresh memory, with `files` as its only folder ('/').
 * @returns its exit code and the files as it leaves them
 * @throws WebAssembly.RuntimeError when the program traps, and whatever `WebAssembly.Instance` throws
 */
export function runWasi(module: WebAssembly.Module, args: string[], files: Files): { exitCode: number; files: Files } {
  const folder = new Map<string, File>([...files].map(([name, bytes]) => [name, { bytes, length: bytes.length }]))
  const memory = createMemory(() => instance.exports)
  const encodedArgs = args.map((arg) => new TextEncoder().encode(`${arg}\0`))
  const system = createSystem(memory, encodedArgs, { folder, open: new Map(), nextDescriptor: folderDescriptor + 1 })
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: system })
  const { _start: start } = instance.exports
  if (typeof start !== 'function') throw new TypeError('The WASI module exports no _start')

  let exitCode = 0
  try {
    start()
  } catch (error) {
    if (!(error instanceof Exit)) throw error
    exitCode = error.code
  }
  return { exitCode, files: new Map([...folder].map(([name, { bytes, length }]) => [name, bytes.subarray(0, length)])) }
}

type Memory = ReturnType<typeof createMemory>

function createMemory(exports: () => WebAssembly.Exports) {
  // Taken anew each time: the program's memory grows, and a grown memory is another buffer.
  const buffer = () => {
    const { memory } = exports()
    if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('The WASI module exports no memory')
    return memory.buffer
  }
  const view = () => new DataView(buffer())
  const bytesAt = (pointer: number, length: number) => new Uint8Array(buffer(), pointer >>> 0, length >>> 0)
  return {
    view,
    bytesAt,
    /** Every (pointer, length) of an iovec array. */
    vectors: (pointer: number, count: number) =>
      Array.from({ length: count }, (_, index) => {
        const at = pointer + index * 8
        return bytesAt(view().getUint32(at, true), view().getUint32(at + 4, true))
      }),
  }
}

type Disk = { folder: Map<string, File>; open: Map<number, OpenFile>; nextDescriptor: number }

/** What the program may ask of its system: one function a call, each with the error number that it answers. */
const createSystem = ({ view, bytesAt, vectors }: Memory, encodedArgs: Uint8Array[], disk: Disk) => ({
  args_sizes_get(countAt: number, sizeAt: number) {
    view().setUint32(countAt, encodedArgs.length, true)
    view().setUint32(
      sizeAt,
      encodedArgs.reduce((sum, arg) => sum + arg.length, 0),
      true,
    )
    return errno.success
  },

  args_get(pointersAt: number, bytesFrom: number) {
    let at = bytesFrom
    for (const [index, arg] of encodedArgs.entries()) {
      view().setUint32(pointersAt + index * 4, at, true)
      bytesAt(at, arg.length).set(arg)
      at += arg.length
    }
    return errno.success
  },

  clock_time_get(_clock: number, _precision: bigint, timeAt: number) {
    view().setBigUint64(timeAt, 0n, true) // the same text gives the same audio, whenever it is spoken
    return errno.success
  },

  fd_prestat_get(descriptor: number, statAt: number) {
    if (descriptor !== folderDescriptor) return errno.badDescriptor
    view().setUint32(statAt, 0, true) // 0: a directory
    view().setUint32(statAt + 4, 1, true) // the length of its name
    return errno.success
  },

  fd_prestat_dir_name(descriptor: number, nameAt: number, length: number) {
    if (descriptor !== folderDescriptor) return errno.badDescriptor
    if (length < 1) return errno.invalid
    bytesAt(nameAt, 1).set([0x2f])
    return errno.success
  },

  fd_fdstat_get(descriptor: number, statAt: number) {
    const type =
      descriptor < folderDescriptor
        ? fileType.characterDevice
        : descriptor === folderDescriptor
          ? fileType.directory
          : disk.open.has(descriptor)
            ? fileType.regularFile
            : null
    if (type === null) return errno.badDescriptor
    bytesAt(statAt, 24).fill(0)
    view().setUint8(statAt, type)
    view().setBigUint64(statAt + 8, allRights, true)
    view().setBigUint64(statAt + 16, allRights, true)
    return errno.success
  },

  fd_fdstat_set_flags: () => errno.success,

  path_open(
    descriptor: number,
    _lookup: number,
    pathAt: number,
    pathLength: number,
    how: number,
    _rights: bigint,
    _inherited: bigint,
    _flags: number,
    descriptorAt: number,
  ) {
    if (descriptor !== folderDescriptor) return errno.badDescriptor
    const path = new TextDecoder().decode(bytesAt(pathAt, pathLength).slice())
    const found = disk.folder.get(path)
    if (!found && !(how & creat)) return errno.noSuchFile
    const file = found && !(how & truncate) ? found : { bytes: new Uint8Array(65_536), length: 0 }
    disk.folder.set(path, file)
    disk.open.set(disk.nextDescriptor, { file, position: 0 })
    view().setUint32(descriptorAt, disk.nextDescriptor, true)
    disk.nextDescriptor += 1
    return errno.success
  },

  fd_close: (descriptor: number) => (disk.open.delete(descriptor) ? errno.success : errno.badDescriptor),

  fd_seek(descriptor: number, offset: bigint, whence: number, positionAt: number) {
    const opened = disk.open.get(descriptor)
    if (!opened) return errno.badDescriptor
    const position = [0, opened.position, opened.file.length].map((from) => from + Number(offset))[whence]
    if (position === undefined || position < 0) return errno.invalid
    opened.position = position
    view().setBigUint64(positionAt, BigInt(position), true)
    return errno.success
  },

  fd_read(descriptor: number, vectorsAt: number, count: number, readAt: number) {
    const opened = disk.open.get(descriptor)
    if (!opened && descriptor !== 0) return errno.badDescriptor
    let read = 0
    for (const target of vectors(vectorsAt, count)) {
      if (!opened) break // there is nothing to read at standard input
      const { bytes, length } = opened.file
      const part = bytes.subarray(opened.position, Math.min(length, opened.position + target.length))
      target.set(part)
      opened.position += part.length
      read += part.length
    }
    view().setUint32(readAt, read, true)
    return errno.success
  },

  fd_write(descriptor: number, vectorsAt: number, count: number, writtenAt: number) {
    const opened = disk.open.get(descriptor)
    let written = 0
    for (const part of vectors(vectorsAt, count)) {
      if (opened) write(opened, part)
      written += part.length // what it prints goes nowhere, and counts as printed
    }
    view().setUint32(writtenAt, written, true)
    return opened || descriptor < folderDescriptor ? errno.success : errno.badDescriptor
  },

  proc_exit(code: number) {
    throw new Exit(code)
  },
})

function write(opened: OpenFile, part: Uint8Array) {
  const { file } = opened
  const end = opened.position + part.length
  if (end > mostOutput) throw new RangeError('The program writes more than it may')
  if (end > file.bytes.length) {
    const grown = new Uint8Array(Math.max(end, file.bytes.length * 2))
    grown.set(file.bytes)
    file.bytes = grown
  }
  file.bytes.set(part, opened.position)
  opened.position = end
  file.length = Math.max(file.length, end)
}
