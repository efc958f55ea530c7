import { OUTCOMES } from '@kitty/record/vocabulary'

const [FIRST, ...OTHERS] = OUTCOMES

/**
 * The end of a command that closes an Op: with one outcome it can be typed as it is, and the others stand beside
 * it. Typed along with them it closes nothing: to sh, bash, fish, cmd and PowerShell they are more arguments, which
 * this command line refuses, and zsh refuses them itself. Round brackets would be a command to fish.
 */
export const OUTCOME_TO_TYPE = `--outcome ${FIRST}   [or ${OTHERS.join(', ')}]`
