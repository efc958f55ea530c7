import type { ReportedOp } from '../src/page/reported.js'
import { data, OUTCOMES, type OutcomeName } from './data.js'
import { make, place, shown } from './dom.js'
import { type Filter, passing } from './filter.js'
import { replaceHash } from './replace-hash.js'
import { stateOfHash, type UrlState } from './url-state.js'
import { countText } from './words.js'

const form = place('filters', HTMLFormElement)
const search = place('search', HTMLInputElement)
const profile = place('profile', HTMLSelectElement)
const mission = place('mission', HTMLSelectElement)

const used = OUTCOMES.filter(({ name }) => data.ops.some(({ outcome }) => outcome === name))

const boxes = used.map(({ name, sign }) => {
  const box = make('input', { type: 'checkbox', value: name })
  const mark = make('span', { class: `mark ${name}`, 'aria-hidden': 'true' }, sign)
  return { name, box, label: make('label', { class: 'chip' }, box, mark, name) }
})

const fill = (select: HTMLSelectElement, all: string, values: readonly (string | undefined)[]) => {
  const names = [...new Set(values)].filter((value) => value !== undefined).toSorted()
  select.append(
    make('option', { value: '' }, all),
    ...names.map((name) => make('option', { value: name }, shown(name))),
  )
}

const current = (): Filter => ({
  text: search.value,
  outcomes: new Set<OutcomeName>(boxes.filter(({ box }) => box.checked).map(({ name }) => name)),
  profile: profile.value,
  mission: mission.value,
})

/** Sets the form to what an address says. A value that the page does not have is left out. */
const fillForm = ({ text, outcomes, profile: wanted, mission: of }: UrlState): void => {
  search.value = text
  for (const { name, box } of boxes) box.checked = outcomes.includes(name)
  for (const [select, value] of [
    [profile, wanted],
    [mission, of],
  ] as const) {
    const has = [...select.options].some((option) => option.value === value)
    select.value = has ? value : ''
  }
}

/** Keeps the filters in the address, without a step back for each change. */
const keepInAddress = (): void => {
  const { text, outcomes, ...rest } = current()
  const { by } = stateOfHash(location.hash)
  replaceHash({ text, outcomes: [...outcomes], ...rest, by })
}

/** Calls `show` with the Ops that match, now and when a filter changes, at most once per frame. */
export const watchFilters = (show: (ops: readonly ReportedOp[]) => void): void => {
  place('outcomes', HTMLFieldSetElement).append(...boxes.map(({ label }) => label))
  fill(
    profile,
    'all',
    data.ops.map((op) => op.profile),
  )
  fill(
    mission,
    'all',
    data.ops.map((op) => op.mission),
  )
  const count = place('count', HTMLElement)
  const update = (): void => {
    const ops = passing(current())
    const all = ops.length === data.ops.length ? '' : `, of ${countText(data.ops.length, 'Op')}`
    keepInAddress()
    count.textContent = `${countText(ops.length, 'Op')}${all}`
    show(ops)
  }
  let asked = 0
  const soon = (): void => {
    cancelAnimationFrame(asked)
    asked = requestAnimationFrame(update)
  }
  form.addEventListener('input', soon)
  // The form is reset after this event.
  form.addEventListener('reset', () => setTimeout(soon))
  form.addEventListener('submit', (event) => event.preventDefault())
  fillForm(stateOfHash(location.hash))
  // Another address of the same page was typed, or a link in it was followed.
  addEventListener('hashchange', () => {
    fillForm(stateOfHash(location.hash))
    soon()
  })
  update()
}
