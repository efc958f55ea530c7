import { string } from '@oclif/core/args'

/** The argument for an agent that has hooks. */
export const AGENT_ARG = {
  AGENT: string({
    required: true,
    ignoreStdin: true,
    options: ['claude-code'],
    description: 'The agent: claude-code.',
  }),
}
