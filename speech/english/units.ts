/** What stands short behind a number, for one and for several. */
export const units: Record<string, readonly [one: string, several: string]> = {
  km: ['kilometer', 'kilometers'],
  m: ['meter', 'meters'],
  cm: ['centimeter', 'centimeters'],
  mm: ['millimeter', 'millimeters'],
  kg: ['kilogram', 'kilograms'],
  g: ['gram', 'grams'],
  mg: ['milligram', 'milligrams'],
  lb: ['pound', 'pounds'],
  lbs: ['pound', 'pounds'],
  oz: ['ounce', 'ounces'],
  ft: ['foot', 'feet'],
  mi: ['mile', 'miles'],
  mph: ['mile per hour', 'miles per hour'],
  'km/h': ['kilometer per hour', 'kilometers per hour'],
  ml: ['milliliter', 'milliliters'],
  h: ['hour', 'hours'],
  hr: ['hour', 'hours'],
  hrs: ['hour', 'hours'],
  min: ['minute', 'minutes'],
  mins: ['minute', 'minutes'],
  sec: ['second', 'seconds'],
  secs: ['second', 'seconds'],
  kB: ['kilobyte', 'kilobytes'],
  MB: ['megabyte', 'megabytes'],
  GB: ['gigabyte', 'gigabytes'],
  TB: ['terabyte', 'terabytes'],
  kW: ['kilowatt', 'kilowatts'],
  kWh: ['kilowatt hour', 'kilowatt hours'],
  '°C': ['degree Celsius', 'degrees Celsius'],
  '°F': ['degree Fahrenheit', 'degrees Fahrenheit'],
}

type Currency = { one: string; several: string; cent: string; cents: string }
const dollars = { one: 'dollar', several: 'dollars', cent: 'cent', cents: 'cents' }
const euros = { one: 'euro', several: 'euros', cent: 'cent', cents: 'cents' }
const pounds = { one: 'pound', several: 'pounds', cent: 'penny', cents: 'pence' }
const yen = { one: 'yen', several: 'yen', cent: 'sen', cents: 'sen' }
export const currencies: Record<string, Currency> = {
  $: dollars,
  USD: dollars,
  '€': euros,
  EUR: euros,
  '£': pounds,
  GBP: pounds,
  '¥': yen,
  JPY: yen,
}

/** Short forms and what they stand for, where a dot or their place makes them plain. */
export const abbreviations: [RegExp, string][] = [
  [/\bMr\.(?=\s)/g, 'Mister'],
  [/\bMrs\.(?=\s)/g, 'Missis'],
  [/\bMs\.(?=\s)/g, 'Miz'],
  [/\bProf\.(?=\s)/g, 'Professor'],
  // Behind a name it is a way, before one a person: "12 Main Dr.", "Dr. Main".
  [/(?<=\p{Lu}[\p{L}]+ )Dr\b\.?(?!\s\p{Lu})/gu, 'Drive'],
  [/\bDr\.?(?=\s\p{Lu})/gu, 'Doctor'],
  [/(?<=(?:\p{Lu}\p{L}+|\d(?:st|nd|rd|th)) )St\b\.?/gu, 'Street'],
  [/\bSt\.?(?=\s\p{Lu})/gu, 'Saint'],
  [/\bAve\b\.?/g, 'Avenue'],
  [/\bBlvd\b\.?/g, 'Boulevard'],
  [/(?<=\p{Lu}\p{L}+ )Rd\b\.?/gu, 'Road'],
  [/\bHwy\b\.?/g, 'Highway'],
  [/\bApt\b\.?(?=\s?#?\d)/g, 'apartment'],
  [/\bSte\b\.?(?=\s?#?\d)/g, 'suite'],
  [/\b[Dd]ept\b\.?/g, 'department'],
  [/\b[Aa]pprox\b\.?/g, 'approximately'],
  [/\b[Nn]o\.\s?(?=\d)/g, 'number '],
  [/\be\.\s?g\.(?!\w)/gi, 'for example'],
  [/\bi\.\s?e\.(?!\w)/gi, 'that is'],
  [/\betc\./g, 'et cetera'],
  [/\bvs\b\.?/g, 'versus'],
  [/\bInc\./g, 'Incorporated'],
  [/\bLtd\b\.?/g, 'Limited'],
  [/\bCorp\./g, 'Corporation'],
]
