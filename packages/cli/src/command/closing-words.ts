import { OUTCOMES } from '@kitty/record/vocabulary'

const [FIRST, ...OTHERS] = OUTCOMES

/**
 * The end of a command that closes an Op: with one outcome it can be typed as it is, and the others stand beside
 * it. Typed along with them it closes nothing: shells and this command line refuse the brackets.
 */
export const OUTCOME_TO_TYPE = `--outcome ${FIRST}   (or ${OTHERS.join(', ')})`
