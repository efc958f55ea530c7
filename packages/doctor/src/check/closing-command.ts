import { type OpId, OUTCOMES, type Outcome } from '@kitty/record'

/**
 * How an Op is closed, to be typed as it is: with the first outcome, and the others after it in square brackets,
 * which no shell obeys and our command line refuses.
 */
export const closingCommand = (id: OpId, outcomes: readonly Outcome[] = OUTCOMES): string => {
  const [first, ...others] = outcomes
  return `spec-kitty ops complete ${id} --outcome ${first} [or ${others.join(', ')}]`
}
