import { string } from '@oclif/core/args'

/** The agents whose hooks are known. */
export const AGENT_ARG = {
  AGENT: string({
    required: true,
    ignoreStdin: true,
    options: ['claude-code'],
    description: 'Which agent: claude-code.',
  }),
}
