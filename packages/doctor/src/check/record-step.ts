import { parseOpRecord } from '@kitty/record'
import { grewByLinks } from './legacy-links.js'
import { isMigration } from './migration.js'

/** A change of an older closed record that is not damage: links were added, or it was migrated to the current form. */
export type StepKind = 'links' | 'migration'

/** How one version of an older closed record became another; `undefined` if that is damage, or it is not older. */
export const stepOf = (before: Buffer, after: Buffer): StepKind | undefined => {
  if (!parseOpRecord(before).legacy) return undefined
  if (grewByLinks(before, after)) return 'links'
  return isMigration(before, after) ? 'migration' : undefined
}
