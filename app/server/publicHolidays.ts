import { daysAfter, type Holiday } from '#flow/calendar.ts'

/** A country, or a part of one that has holidays of its own: `DE`, `DE-HH`, `DE-BY-A`. */
type Place = { id: string; name: string }

// A table of the whole world: loaded by the first who asks for it.
const library = async () => (await import('date-holidays')).default

/** Names in English where there are any, as the product speaks; else in the country's own language. */
const languages = ['en']

/** All countries, by name. */
export async function countries(): Promise<Place[]> {
  const Holidays = await library()
  return placesOf(new Holidays().getCountries('en'))
}

/** The parts of a place, one level down; none where there are none. */
export async function partsOf(place: string): Promise<Place[]> {
  const Holidays = await library()
  const [country = '', state, more] = place.split('-')
  if (more !== undefined) return []
  const all = new Holidays()
  const parts = state === undefined ? all.getStates(country, 'en') : all.getRegions(country, state, 'en')
  return placesOf(parts, `${place}-`)
}

const placesOf = (names: Readonly<Record<string, string>> = {}, prefix = ''): Place[] =>
  Object.entries(names)
    .map(([id, name]) => ({ id: `${prefix}${id}`, name }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))

/** The public holidays of a place in these years, in order. None for a place that nobody knows. */
export async function publicHolidays(place: string, years: readonly number[]): Promise<Holiday[]> {
  const Holidays = await library()
  const [country = '', state = '', region = ''] = place.split('-')
  const calendar = new Holidays(country, state, region, { languages, types: ['public'] })
  return years
    .flatMap((year) => calendar.getHolidays(year))
    .filter(({ start, end }) => end.getTime() - start.getTime() >= halfDayMs) // some begin in the evening before
    .map(({ name, date, start, end }) => {
      const from = date.slice(0, 10)
      const days = Math.max(1, Math.round((end.getTime() - start.getTime()) / dayMs))
      return { name: name.slice(0, 100), from, to: daysAfter(from, days - 1), yearly: false, hours: [], source: place }
    })
}

const dayMs = 86_400_000
const halfDayMs = dayMs / 2
