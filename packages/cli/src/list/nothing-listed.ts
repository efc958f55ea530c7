import type { OpFilter } from '@kitty/writer'

/** What to say where no Op is to be shown. */
export const nothingListed = (filter: OpFilter): string =>
  Object.keys(filter).length > 0
    ? 'No Op passes these filters. All of them: spec-kitty ops list\n'
    : 'No Ops here. How to open one: spec-kitty do --help\n'
