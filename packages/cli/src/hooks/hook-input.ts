import { KittyError } from '@kitty/record'
import type { Io } from '../command/io.js'

/**
 * What Claude Code tells a hook on its standard input, as far as it concerns us. Source: the page "Hooks
 * reference" of its documentation (code.claude.com/docs/en/hooks), read in November 2026.
 */
export type HookInput = {
  readonly session: string | undefined
  /** The folder where the session works. */
  readonly cwd: string | undefined
  /** `hook_event_name`: which event the hook runs at, such as `SessionEnd` or `SubagentStop`. */
  readonly event: string | undefined
  /** `reason`: why a session ended: `clear`, `resume`, `logout`, `prompt_input_exit`, `other`, …. */
  readonly reason: string | undefined
  /** `source`: how a session began: `startup`, `resume`, `clear`, `compact`. */
  readonly source: string | undefined
}

/** A session's name that is fit to be put into a line of a shell. */
const SESSION = /^[\w.:-]{1,200}$/

/** A word of the agent's own that is fit to be shown. */
const WORD = /^[\w-]{1,40}$/

const textAt = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const found = Object.entries(value).find(([name]) => name === key)?.[1]
  return typeof found === 'string' && found !== '' ? found : undefined
}

const isNamed = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)

/** What is named and not understood is not taken for something else: the hook then does nothing. */
const unfit = (key: string): KittyError =>
  new KittyError('HOOK_INPUT_INVALID', `The ${key} on standard input is not one.`, {
    hint: 'A hook takes what the agent hands it as it is.',
  })

/** Reads it; a hook that is started by hand, at a terminal, is told nothing. Throws for what it cannot understand. */
export const readHookInput = async (io: Io): Promise<HookInput> => {
  const text = io.stdin.isTTY ? '' : (await io.stdin.read()).toString()
  const told: unknown = text.trim() === '' ? {} : JSON.parse(text)
  const session = textAt(told, 'session_id')
  if (isNamed(told, 'session_id') && !SESSION.test(session ?? '')) throw unfit('session_id')
  if (isNamed(told, 'hook_event_name') && textAt(told, 'hook_event_name') === undefined) {
    throw unfit('hook_event_name')
  }
  const wordAt = (key: string) => [textAt(told, key)].find((word) => word && WORD.test(word))
  return {
    session,
    cwd: textAt(told, 'cwd'),
    event: textAt(told, 'hook_event_name'),
    reason: wordAt('reason'),
    source: wordAt('source'),
  }
}
