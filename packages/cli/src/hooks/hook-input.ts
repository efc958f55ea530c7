import { KittyError } from '@kitty/record'
import type { Agent } from '../agents/agent.js'
import type { Io } from '../command/io.js'
import { isObject, type JsonObject } from '../command/json-object.js'
import { firstDocument, readFirstDocument } from './first-document.js'

/** What a hook uses of the input that an agent sends on standard input. */
export type HookInput = {
  readonly session: string | undefined
  /** The folder where the session works. */
  readonly cwd: string | undefined
  /** The agent's own name of the event. */
  readonly event: string | undefined
  /** `reason`: why the session ended. */
  readonly reason: string | undefined
  /** `source`: how the session started. */
  readonly source: string | undefined
  /** The id of the sub-agent, and its type. */
  readonly subagent: string | undefined
  readonly subagentType: string | undefined
  readonly prompt: string | undefined
  readonly model: string | undefined
  /** Whether this stop was already held once; `undefined` if the agent does not say. */
  readonly held: boolean | undefined
}

/** An id that is safe in a shell script, and short enough for a key of a sub-agent. */
const ID = /^[\w.:-]{1,200}$/

/** A word of the agent that is safe to print. */
const WORD = /^[\w-]{1,40}$/

const textAt = (value: JsonObject, key: string | undefined): string | undefined => {
  const found = key !== undefined && Object.hasOwn(value, key) ? value[key] : undefined
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
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw invalid('Standard input is not JSON.', error)
  }
}

/** The input as an object. Empty input is accepted, for a start by hand. Throws `HOOK_INPUT_INVALID`. */
const parseInput = (text: string): JsonObject => {
  const input: unknown = text.trim() === '' ? {} : parse(text)
  if (!isObject(input)) throw invalid('Standard input is not a JSON object.')
  return input
}

/** A field that must be a text if it is there; `null` counts as absent. */
const optionalText = (input: JsonObject, key: string | undefined): string | undefined => {
  const text = textAt(input, key)
  const isThere = key !== undefined && Object.hasOwn(input, key) && input[key] !== null
  if (isThere && text === undefined) throw unfit(key)
  return text
}

const optionalId = (input: JsonObject, key: string | undefined): string | undefined => {
  const id = optionalText(input, key)
  if (id !== undefined && !ID.test(id)) throw unfit(key ?? '')
  return id
}

/** The folder of the session: a path, or the first of several. */
const folderAt = (input: JsonObject, key: string): string | undefined => {
  const value = Object.hasOwn(input, key) ? input[key] : undefined
  return Array.isArray(value) ? textAt({ ...value }, '0') : optionalText(input, key)
}

const readText = async ({ stdin }: Io): Promise<string> => {
  if (stdin.isTTY) return ''
  const bytes = stdin.stream ? await readFirstDocument(stdin.stream()) : await stdin.read()
  return firstDocument(bytes)
}

/** Reads the input of a hook. At a terminal it is empty. Throws `HOOK_INPUT_INVALID` for invalid input. */
export const readHookInput = async (io: Io, { fields }: Agent): Promise<HookInput> => {
  const input = parseInput(await readText(io))
  const wordAt = (key: string) => [textAt(input, key)].find((word) => word && WORD.test(word))
  const held = fields.held === undefined ? undefined : input[fields.held]
  return {
    session: optionalId(input, fields.session),
    cwd: folderAt(input, fields.cwd),
    event: optionalText(input, fields.event),
    reason: wordAt('reason'),
    source: wordAt('source'),
    subagent: optionalId(input, fields.subagent),
    subagentType: textAt(input, fields.subagentType),
    prompt: textAt(input, fields.prompt),
    model: textAt(input, fields.model),
    held: typeof held === 'boolean' ? held : undefined,
  }
}
