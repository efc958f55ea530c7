import { KittyError } from '@kitty/record'
import type { Io } from '../command/io.js'

/**
 * The fields that are used of the input that Claude Code sends to a hook on standard input. Source: "Hooks reference"
 * in its documentation (code.claude.com/docs/en/hooks), November 2026.
 */
export type HookInput = {
  readonly session: string | undefined
  /** The folder where the session works. */
  readonly cwd: string | undefined
  /** `hook_event_name`: the event, such as `SessionEnd` or `SubagentStop`. */
  readonly event: string | undefined
  /** `reason`: why the session ended: `clear`, `resume`, `logout`, `prompt_input_exit`, `other`, …. */
  readonly reason: string | undefined
  /** `source`: how the session started: `startup`, `resume`, `clear`, `compact`. */
  readonly source: string | undefined
}

/** A session id that is safe in a shell script. */
const SESSION = /^[\w.:-]{1,200}$/

/** A word of the agent that is safe to print. */
const WORD = /^[\w-]{1,40}$/

const textAt = (value: unknown, key: string): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined
  const found = Object.entries(value).find(([name]) => name === key)?.[1]
  return typeof found === 'string' && found !== '' ? found : undefined
}

const isNamed = (value: unknown, key: string): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)

/** The error for an invalid field. The hook then does nothing. */
const unfit = (key: string): KittyError =>
  new KittyError('HOOK_INPUT_INVALID', `The ${key} on standard input is invalid.`, {
    hint: "Pass the agent's input unchanged.",
  })

/** Reads the input of a hook. At a terminal it is empty. Throws `HOOK_INPUT_INVALID` or a `SyntaxError` for invalid input. */
export const readHookInput = async (io: Io): Promise<HookInput> => {
  const text = io.stdin.isTTY ? '' : (await io.stdin.read()).toString()
  const input: unknown = text.trim() === '' ? {} : JSON.parse(text)
  const session = textAt(input, 'session_id')
  if (isNamed(input, 'session_id') && !SESSION.test(session ?? '')) throw unfit('session_id')
  if (isNamed(input, 'hook_event_name') && textAt(input, 'hook_event_name') === undefined) {
    throw unfit('hook_event_name')
  }
  const wordAt = (key: string) => [textAt(input, key)].find((word) => word && WORD.test(word))
  return {
    session,
    cwd: textAt(input, 'cwd'),
    event: textAt(input, 'hook_event_name'),
    reason: wordAt('reason'),
    source: wordAt('source'),
  }
}
