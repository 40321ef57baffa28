/**
 * What waits, one line for each who asks, and the lines take turns: a thousand texts of one make another wait for one of them only.
 * Plain data; who takes from it decides when.
 */
export function createTurns<Item>() {
  /** In the order in which the lines come next. */
  const lines = new Map<string, Item[]>()
  let size = 0
  return {
    get size() {
      return size
    },
    lengthOf: (who: string) => lines.get(who)?.length ?? 0,
    add(who: string, item: Item) {
      const line = lines.get(who)
      if (line) line.push(item)
      else lines.set(who, [item])
      size += 1
    },
    /** The first of the first line that may go on; that line comes last then. */
    take(mayGoOn: (who: string, item: Item) => boolean): Item | undefined {
      for (const [who, line] of lines) {
        const [item] = line
        if (item === undefined || !mayGoOn(who, item)) continue
        line.shift()
        lines.delete(who)
        if (line.length > 0) lines.set(who, line)
        size -= 1
        return item
      }
      return undefined
    },
    /** True if it was there. */
    remove(who: string, item: Item): boolean {
      const line = lines.get(who)
      const place = line?.indexOf(item) ?? -1
      if (!line || place < 0) return false
      line.splice(place, 1)
      if (line.length === 0) lines.delete(who)
      size -= 1
      return true
    },
    /** Takes all that waits. */
    empty(): Item[] {
      const items = [...lines.values()].flat()
      lines.clear()
      size = 0
      return items
    },
  }
}
