import { string } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { AGENT_NAMES } from '../agents/registry.js'

/** The argument for an agent that has hooks. */
export const AGENT_ARG = {
  AGENT: string({
    required: true,
    ignoreStdin: true,
    options: AGENT_NAMES,
    description: 'The agent.',
  }),
}

/** The flag for the files of the user. */
export const USER_FLAG = {
  user: boolean({ summary: 'Use the files in your home folder, for all projects.' }),
}
