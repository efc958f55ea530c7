import type { Outcome } from '@kitty/record'
import type { Style } from './style.js'

type Shown = Outcome | 'unknown' | 'open' | 'left' | 'unreadable'

const PAINT: Readonly<Record<Shown, keyof Style>> = {
  done: 'green',
  failed: 'red',
  abandoned: 'yellow',
  unknown: 'yellow',
  open: 'bold',
  left: 'yellow',
  unreadable: 'red',
}

/** The style of an outcome, or of the state of an Op without one. */
export const outcomePaint = (outcome: Shown, style: Style): ((text: string) => string) =>
  style[PAINT[outcome]]

/** An outcome in its style. */
export const outcomeText = (outcome: Shown, style: Style): string =>
  outcomePaint(outcome, style)(outcome)
