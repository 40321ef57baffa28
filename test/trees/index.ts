import { prepaidCard } from './F01.ts'
import { practice } from './F03.ts'
import { attendant } from './F05.ts'
import { library } from './F07.ts'
import { powerCompany } from './F09.ts'
import { cooperative } from './F10.ts'
import { inspections } from './F12.ts'
import { medicalGroup } from './F14.ts'
import type { Tree } from './tree.ts'

/** The eight trees, by their names in the collection of cases. */
export const trees: Readonly<Record<string, Tree>> = {
  F01: prepaidCard,
  F03: practice,
  F05: attendant,
  F07: library,
  F09: powerCompany,
  F10: cooperative,
  F12: inspections,
  F14: medicalGroup,
}
