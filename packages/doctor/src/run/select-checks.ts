import { KittyError } from '@kitty/record'
import type { Check } from '../check/check.js'
import { CHECKS } from '../checks/registry.js'

/** Returns our checks and then those of the caller. Throws `CHECK_ID_TAKEN` if two have the same id. */
const withExtra = (extra: readonly Check[]): readonly Check[] => {
  const ids = new Set(CHECKS.map(({ id }) => id))
  for (const { id } of extra) {
    if (ids.has(id)) {
      throw new KittyError('CHECK_ID_TAKEN', `There is already a check ${JSON.stringify(id)}.`, {
        hint: 'Give each check in `extraChecks` an id of its own.',
      })
    }
    ids.add(id)
  }
  return [...CHECKS, ...extra]
}

/** A check whose fix was not asked for by its id: it finds the same, and none is `fixable`. */
const withoutFix = (check: Check): Check => ({
  ...check,
  run: async (context, facts) =>
    ((await check.run?.(context, facts)) ?? []).map((found) => ({ ...found, fixable: false })),
})

/**
 * Returns the checks with these ids, in the order of the registry, then those in `extra`. Without ids, returns all
 * that are not `deep`, or with `deep` all.
 *
 * @throws KittyError `UNKNOWN_CHECK` if there is no such check; its hint lists the checks. `CHECK_ID_TAKEN` if two
 * checks have the same id.
 */
export const selectChecks = (
  ids: readonly string[] = [],
  deep = false,
  extra: readonly Check[] = [],
): readonly Check[] => {
  const all = withExtra(extra)
  const unknown = ids.find((id) => !all.some((check) => check.id === id))
  if (unknown !== undefined) {
    throw new KittyError('UNKNOWN_CHECK', `There is no check ${JSON.stringify(unknown)}.`, {
      hint: `The checks are: ${all.map(({ id }) => id).join(', ')}.`,
    })
  }
  if (ids.length > 0) return all.filter(({ id }) => ids.includes(id))
  return all
    .filter((check) => deep || check.deep !== true)
    .map((check) => (check.fixOnlyIfSelected ? withoutFix(check) : check))
}
