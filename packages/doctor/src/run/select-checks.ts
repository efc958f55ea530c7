import { KittyError } from '@kitty/record'
import type { Check } from '../check/check.js'
import { CHECKS } from '../checks/registry.js'

/**
 * Returns the checks with these ids, in the order of the registry. Without ids, returns all that are not `deep`,
 * or with `deep` all.
 *
 * @throws KittyError `UNKNOWN_CHECK` if there is no such check; its hint lists the checks.
 */
export const selectChecks = (ids: readonly string[] = [], deep = false): readonly Check[] => {
  const unknown = ids.find((id) => !CHECKS.some((check) => check.id === id))
  if (unknown !== undefined) {
    throw new KittyError('UNKNOWN_CHECK', `There is no check ${JSON.stringify(unknown)}.`, {
      hint: `The checks are: ${CHECKS.map(({ id }) => id).join(', ')}.`,
    })
  }
  if (ids.length > 0) return CHECKS.filter(({ id }) => ids.includes(id))
  return CHECKS.filter((check) => deep || check.deep !== true)
}
