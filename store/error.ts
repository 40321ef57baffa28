/** Why a database that is there does nothing; what to do is another thing for each. */
export type Unavailability = 'full' | 'readOnly' | 'locked' | 'busy'

type StoreErrorDetail = {
  /** notFound, limit: what it is about. */
  what?:
    | 'flow'
    | 'version'
    | 'publishedVersion'
    | 'route'
    | 'calendar'
    | 'table'
    | 'namedValue'
    | 'message'
    | 'callback'
    | 'executions'
  /** changedMeanwhile: the state that somebody else left, for a person to compare with. */
  revision?: number
  updatedAt?: Date
  updatedBy?: string
  hash?: string
  /** taken: the flow that answers. */
  name?: string
  /** inUse: the names of the flows that use it. */
  flows?: readonly string[]
  /** limit: how many bytes, or rows, are allowed. */
  most?: number
  /** unavailable: left out when the database is away. */
  why?: Unavailability
}

const sentences = {
  notFound: 'This is not in the database, or not in this tenant. Load the list again.',
  changedMeanwhile: 'Somebody else has saved a newer revision. Load it, compare, and save again.',
  taken: 'Another flow answers this already. Take it over, or choose another account or number.',
  flowNameTaken: 'Another flow has this name already. Choose another name, and save again.',
  nameTaken: 'Another one has this name already. Choose another name, and save again.',
  inUse: 'Flows use this, so it was not deleted. Take it out of them first.',
  answersAsSubFlow:
    'A sub-flow cannot answer calls, and this flow answers some. Take it out of “Who answers what”, or begin it with “Incoming call”.',
  unavailable: 'The database does not answer. Nothing was saved; try again when it is back.',
  noDataKey:
    'DATA_KEY is not set, so nothing can be kept sealed, and nothing was kept. Set it (32 random bytes in base64: openssl rand -base64 32) for designer and bot, and start them again.',
  otherDataKey:
    'What is kept here was sealed with another DATA_KEY, so it cannot be opened. Set that one again; a new one stands before it, with a comma between.',
  notSealed: 'What is kept here was changed from outside, so it is not opened. Delete it, or restore the database.',
  limit: 'This is larger than the database keeps. Make it smaller and save again.',
}

const unavailable: Record<Unavailability, string> = {
  full: 'The disk of the database is full, so nothing was saved. Give it room, or delete what is not needed; then try again.',
  readOnly:
    'The database can only be read at the moment, so nothing was saved. Point DATABASE_URL at the one that takes writes.',
  locked: 'Others write in this at the same moment, so nothing was saved. Try again in a moment.',
  busy: 'The database has too much to do, so nothing was saved. Try again in a moment.',
}

export type StoreErrorCode = keyof typeof sentences

/** The store said no. `code` is for code to switch on; another tenant's row is `notFound`, like one that never was. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode
  readonly detail: StoreErrorDetail

  constructor(code: StoreErrorCode, detail: StoreErrorDetail = {}, options?: { cause?: unknown; message?: string }) {
    super(options?.message ?? (detail.why ? unavailable[detail.why] : sentences[code]), options)
    this.code = code
    this.detail = detail
  }
}
