import { areComing } from '@kitty/git-commit/inspect'
import type { OpId } from '@kitty/record'
import { asMissing } from './head.js'

/** Returns the Ops whose records on disk come from another branch: they were opened or closed elsewhere. */
export const comingOps = async (
  root: string,
  records: readonly { readonly id: OpId; readonly bytes: Buffer }[],
): Promise<ReadonlySet<OpId>> => {
  const areThese = await areComing(root, records.map(asMissing))
  return new Set(records.flatMap(({ id }, number) => (areThese[number] ? [id] : [])))
}
