// What agents send to hooks.

import { spawnSync } from 'node:child_process'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { main } from '@kitty/cli'
import { openOps } from '@kitty/writer'
import { git, newRepository } from '../../lib/repository.mjs'
import { built } from '../built.mjs'
import { OBEYED } from '../printed.mjs'
import { temporaryFolder } from '../temporary.mjs'

const { readHookInput } = await built('cli', 'hooks/hook-input')
const { firstDocument } = await built('cli', 'hooks/first-document')
const { AGENTS } = await built('cli', 'agents/registry')

/** What an agent sends on each event that it documents. */
const inputsOf = ({ events, fields }, cwd) =>
  Object.values(events).map((name) =>
    Buffer.from(
      `${JSON.stringify({
        ...(fields.event && { [fields.event]: name }),
        [fields.session]: '1b4e28ba-2fa1-11d2-883f-0016d3cca427',
        [fields.cwd]: fields.cwd.endsWith('s') ? [cwd] : cwd,
        ...(fields.subagent && { [fields.subagent]: 'a1' }),
        ...(fields.prompt && { [fields.prompt]: 'Fix “it”\n\u001b[31m' }),
        ...(fields.model && { [fields.model]: 'opus' }),
        ...(fields.held && { [fields.held]: false }),
        source: 'startup',
        reason: 'other',
        transcript_path: '/x/y.jsonl',
        nested: { a: [1, { b: null }] },
      })}\n`,
    ),
  )

const ID = /^[\w.:-]{1,200}$/

const known = new Set(['string', 'undefined', 'boolean'])

export const hookInput = () => {
  const agents = AGENTS.filter(({ fields }) => fields)
  return {
    samples: agents.flatMap((agent) => inputsOf(agent, '/x')),
    share: 0.2,
    check: async (bytes) => {
      const agent = agents[bytes.length % agents.length]
      const stdin = { isTTY: false, read: async () => bytes }
      const input = await readHookInput({ stdin }, agent)
      if (!Object.values(input).every((value) => known.has(typeof value))) return 'a wrong type'
      for (const id of [input.session, input.subagent])
        if (id !== undefined && !ID.test(id)) return `the id ${id}`
      firstDocument(bytes)
      return undefined
    },
  }
}

const isJson = (text) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const answerTrouble = (status, printed, complaints) => {
  if (status !== 0) return `exit status ${status}`
  if (printed !== '' && !isJson(printed)) return `printed ${printed}`
  return complaints === '' ? undefined : `complained: ${complaints}`
}

const CALLS = AGENTS.flatMap(({ name, events }) =>
  Object.entries(events).map(([event, sent]) => ({ name, event, sent })),
)

/** The arguments of a hook that the input is for, as far as it says. */
const callFor = (bytes) => {
  const text = bytes.toString()
  const fitting = CALLS.filter(({ sent }) => text.includes(`"${sent}"`))
  const calls = fitting.length > 0 ? fitting : CALLS
  const { name, event } = calls[bytes.length % calls.length]
  return ['hooks', event, '--agent', name, ...(bytes.length % 3 === 0 ? ['--capture'] : [])]
}

/** A repository with open Ops whose texts are hostile. */
const project = async () => {
  const folder = temporaryFolder()
  newRepository(folder)
  const store = await openOps({ root: folder })
  for (const text of ['\u001b[31mRed', '"; rm -rf / #', '\u202eabc'])
    await store.start({ request_text: text, profile_id: 'generic', action: 'do' })
  return folder
}

/** The environment of an agent: not that of this process. */
const variablesOf = (folder) => ({ PATH: process.env.PATH, HOME: folder, USERPROFILE: folder })

/** Whole hooks in this process. */
export const hooks = async () => {
  const folder = await project()
  const { status } = spawnSync('git', ['status'], { cwd: folder })
  return {
    samples: AGENTS.flatMap((agent) => inputsOf(agent, folder)),
    share: 0.003,
    grows: false,
    isValid: () => (status === 0 ? undefined : 'git does not run'),
    check: async (bytes) => {
      let [stdout, stderr] = ['', '']
      const exit = await main(callFor(bytes), {
        cwd: folder,
        variables: variablesOf(folder),
        stdin: { isTTY: false, read: async () => bytes, stream: () => Readable.from([bytes]) },
        stdout: { isTTY: false, write: (text) => (stdout += text) },
        stderr: { isTTY: false, write: (text) => (stderr += text) },
      })
      if (OBEYED.test(stdout)) return `a terminal obeys ${JSON.stringify(stdout)}`
      return answerTrouble(exit, stdout, stderr)
    },
  }
}

const PROGRAM = fileURLToPath(new URL('../../../packages/cli/bin/run.js', import.meta.url))

/** Whole programs, as an agent starts them. */
export const hookPrograms = async () => {
  const folder = await project()
  const before = git(folder, 'for-each-ref')
  return {
    samples: AGENTS.flatMap((agent) => inputsOf(agent, folder)),
    share: 0.0003,
    grows: false,
    check: (bytes) => {
      const args = [PROGRAM, ...callFor(bytes)]
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        env: { ...variablesOf(folder), SystemRoot: process.env.SystemRoot },
        input: bytes,
        encoding: 'utf8',
      })
      if (git(folder, 'for-each-ref') !== before) return 'a ref moved'
      return answerTrouble(status, stdout, stderr)
    },
  }
}
