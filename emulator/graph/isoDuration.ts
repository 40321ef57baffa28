/** Milliseconds of an ISO 8601 duration of days, hours, minutes and seconds such as PT5M. Null for whatever is none. */
export function isoDurationMs(text: string): number | null {
  const [whole, days, time, hours, minutes, seconds] =
    /^P(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text) ?? []
  if (whole === undefined || whole === 'P' || time === 'T') return null
  return (
    (((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0)) * 1000
  )
}
