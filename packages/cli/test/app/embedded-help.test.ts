import { expect, it } from 'vitest'
import { COMMANDS } from '../../src/app/all-commands.js'

// A command line with another separator of topics, such as `reader ops:list`, replaces both names.
it.each(Object.entries(COMMANDS))(
  'the help of %s names the program and the command as its host does',
  (_, { usage, examples = [] }) => {
    expect(usage).toMatch(/^<%= command\.id %>/)
    for (const example of examples) {
      const [, ...rest] = String(example).split('<%= config.bin %> ')
      expect(rest).not.toEqual([])
      for (const words of rest) expect(words).toMatch(/^<%= command\.id %>/)
    }
  },
)
