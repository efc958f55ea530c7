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

const textAt = (value: object, key: string): string | undefined => {
  const found = Object.entries(value).find(([name]) => name === key)?.[1]
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The error for invalid input. The hook then does nothing. */
const invalid = (message: string, cause?: unknown): KittyError =>
  new KittyError('HOOK_INPUT_INVALID', message, {
    hint: "Pass the agent's input unchanged.",
    cause,
  })

const unfit = (key: string): KittyError => invalid(`The ${key} on standard input is invalid.`)

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw invalid('Standard input is not JSON.', error)
  }
}

/** The input as an object. Empty input is accepted, for a start by hand. Throws `HOOK_INPUT_INVALID`. */
const parseInput = (text: string): object => {
  const input: unknown = text.trim() === '' ? {} : parse(text)
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw invalid('Standard input is not a JSON object.')
  }
  return input
}

/** Reads the input of a hook. At a terminal it is empty. Throws `HOOK_INPUT_INVALID` for invalid input. */
export const readHookInput = async (io: Io): Promise<HookInput> => {
  const text = io.stdin.isTTY ? '' : (await io.stdin.read()).toString()
  const input = parseInput(text)
  const session = textAt(input, 'session_id')
  if (Object.hasOwn(input, 'session_id') && !SESSION.test(session ?? '')) throw unfit('session_id')
  for (const key of ['hook_event_name', 'cwd']) {
    if (Object.hasOwn(input, key) && textAt(input, key) === undefined) throw unfit(key)
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
