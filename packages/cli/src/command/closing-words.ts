import { OUTCOMES } from '@kitty/record/vocabulary'

const [FIRST, ...OTHERS] = OUTCOMES

/**
 * The end of a command that closes an Op: one outcome, ready to run, then the others in brackets. If the brackets are
 * pasted too, nothing is closed: sh, bash, fish, cmd and PowerShell pass them as arguments, which are refused, and
 * zsh reports an error itself. Parentheses would be a command in fish.
 */
export const OUTCOME_TO_TYPE = `--outcome ${FIRST}   [or ${OTHERS.join(', ')}]`
