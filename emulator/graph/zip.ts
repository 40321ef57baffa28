import { readAppPackage } from '../world/appPackage.ts'

/** A zip on its way in. Records of requests see its size only. */
export class Zip {
  readonly #bytes: Buffer
  readonly byteLength: number

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.byteLength = bytes.byteLength
  }

  manifest() {
    return readAppPackage(this.#bytes)
  }
}
