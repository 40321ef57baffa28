/** How large a flow may be; stated in the messages that enforce it. Apart from flow.ts, since pages that read no flow state them too. */
export const flowLimits = {
  blocks: 1000,
  variables: 500,
  exits: 100,
  name: 100,
  bytes: 2_000_000,
  nesting: 50,
  /** Texts, numbers, lists and the like in the settings of one block; the largest that a kind takes has a few hundred. */
  settings: 2_000,
  /** The same in the whole document. Each is looked at by whoever reads, checks or runs the flow. */
  values: 100_000,
} as const

/** The same for a file that holds hours and tables too (flow/bundle.ts): `shared` of each, and as many `flows` as a call may come to. `values`: more than all rows that fit into the bytes. */
export const bundleLimits = { bytes: 8_000_000, shared: 100, flows: 50, values: 600_000 } as const
