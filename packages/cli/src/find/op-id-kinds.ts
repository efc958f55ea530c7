/** The ids that a shell completes: of open Ops, of Ops on disk, or of Ops whose records are only in git. */
export const OP_ID_KINDS = ['open', 'any', 'missing'] as const

export type OpIdKind = (typeof OP_ID_KINDS)[number]
