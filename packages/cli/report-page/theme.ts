import type { OutcomeName } from './data.js'
import { place } from './dom.js'

/** The colours of charts. */
export type Paint = {
  readonly text: string
  readonly quiet: string
  readonly line: string
  readonly card: string
  readonly outcome: Readonly<Record<OutcomeName, string>>
}

const CHOICES = ['auto', 'light', 'dark'] as const

const root = document.documentElement
const button = place('theme', HTMLButtonElement)
const dark = matchMedia('(prefers-color-scheme: dark)')

/** The current colours of the style sheet. */
export const paint = (): Paint => {
  const style = getComputedStyle(root)
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const outcome = {
    done: colour('done'),
    failed: colour('failed'),
    abandoned: colour('abandoned'),
    unknown: colour('unknown'),
    open: colour('open'),
  }
  return {
    text: colour('text'),
    quiet: colour('quiet'),
    line: colour('line'),
    card: colour('card'),
    outcome,
  }
}

let chosen = 0

const choose = (number: number): void => {
  chosen = number % CHOICES.length
  const choice = CHOICES[chosen] ?? 'auto'
  root.dataset.theme = choice
  button.textContent = `Theme: ${choice}`
}

/** Uses the theme of the system until the reader selects one. Calls `redraw` when the colours change. */
export const watchTheme = (redraw: () => void): void => {
  choose(0)
  button.addEventListener('click', () => {
    choose(chosen + 1)
    redraw()
  })
  dark.addEventListener('change', redraw)
}
