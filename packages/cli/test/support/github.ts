// The documented environment of GitHub Actions: the steps of action.yml in a shell, the files that a step reads and
// writes, and the part of the REST API that comments need, on a real server.

import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tempFolder } from '@kitty/test-kit'
import { execa } from 'execa'
import { parse } from 'yaml'
import { builtProgram } from './built.js'
import { plainVariables } from './in-process.js'

const ACTION_PATH = fileURLToPath(new URL('../../../../', import.meta.url))

/** A step of a composite action. */
type Step = {
  readonly id?: string
  readonly shell: string
  readonly env: Readonly<Record<string, string>>
  readonly run: string
}

type Action = {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

/** Reads the action of this repository. */
export const readAction = (): Action => parse(readFileSync(join(ACTION_PATH, 'action.yml'), 'utf8'))

type Comment = {
  readonly id: number
  readonly body: string
  readonly user: { readonly type: string }
  readonly html_url: string
}

/** A server with the comments of one pull request. */
export type Api = {
  readonly url: string
  readonly comments: Comment[]
  readonly requests: string[]
  /** The status of every answer to a write; undefined if writes are allowed. */
  denied: number | undefined
  close: () => Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString()
}

const put = (comments: Comment[], id: number | undefined, body: string): Comment => {
  const at = comments.findIndex((comment) => comment.id === id)
  const number = id ?? 1000 + comments.length
  const html_url = `https://github.com/octo/repo/pull/7#issuecomment-${number}`
  const written = { id: number, body, user: { type: 'Bot' }, html_url }
  comments.splice(at < 0 ? comments.length : at, at < 0 ? 0 : 1, written)
  return written
}

const LIST = '/repos/octo/repo/issues/7/comments'
const ONE = /^\/repos\/octo\/repo\/issues\/comments\/(\d+)$/

const answer = (api: Api, method: string, url: URL, body: string): readonly [number, unknown] => {
  if (method === 'GET' && url.pathname === LIST) {
    const [page, size] = ['page', 'per_page'].map((name) => Number(url.searchParams.get(name)))
    const from = ((page ?? 1) - 1) * (size ?? 30)
    return [200, api.comments.slice(from, from + (size ?? 30))]
  }
  if (api.denied !== undefined) return [api.denied, { message: 'Resource not accessible' }]
  const text = String(JSON.parse(body).body)
  if (method === 'POST' && url.pathname === LIST) return [201, put(api.comments, undefined, text)]
  const [, id] = ONE.exec(url.pathname) ?? []
  if (method === 'PATCH' && id !== undefined) return [200, put(api.comments, Number(id), text)]
  return [404, { message: 'Not Found' }]
}

/** Starts the server. Everything but the right token is refused. */
export const startApi = async (token: string): Promise<Api> => {
  const server: Server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    api.requests.push(`${method} ${url}`)
    const isKnown = headers.authorization === `Bearer ${token}`
    const [status, json] = isKnown
      ? answer(api, method, new URL(url, 'http://localhost'), await bodyOf(request))
      : [401, { message: 'Bad credentials' }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const api: Api = {
    url: `http://127.0.0.1:${port}`,
    comments: [],
    requests: [],
    denied: undefined,
    close,
  }
  return api
}

/** What a run of the action did. */
export type Ran = {
  readonly status: number
  readonly log: string
  readonly summary: string
  readonly outputs: Readonly<Record<string, string>>
}

/** Replaces the expressions of a value: those of inputs, and the token of the job. */
const evaluated = (value: string, inputs: Readonly<Record<string, string>>, token: string) =>
  value.replaceAll(/\$\{\{ (?:inputs\.([\w-]+)|github\.token) \}\}/g, (_, name?: string) =>
    name === undefined ? token : (inputs[name] ?? ''),
  )

/** Runs steps until one fails. */
const runSteps = async (
  steps: readonly Step[],
  cwd: string,
  envOf: (step: Step) => Readonly<Record<string, string>>,
) => {
  let [status, log] = [0, '']
  for (const step of steps) {
    const shell = ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run]
    const options = { cwd, env: envOf(step), extendEnv: false, reject: false, all: true } as const
    const ran = await execa('bash', shell, options)
    log += `${ran.all}\n`
    status = ran.exitCode ?? -1
    if (status !== 0) break
  }
  return { status, log }
}

const outputsIn = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )

/** Runs the steps of the action for an event, as a runner does. */
export const runAction = async ({
  workspace,
  event,
  api,
  token,
  inputs = {},
}: {
  readonly workspace: string
  readonly event: unknown
  readonly api: Api
  readonly token: string
  readonly inputs?: Readonly<Record<string, string>>
}): Promise<Ran> => {
  const action = readAction()
  const files = await tempFolder()
  const file = (name: string, text = ''): string => {
    writeFileSync(join(files, name), text)
    return join(files, name)
  }
  const [, program] = builtProgram()
  const defaults = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [
      name,
      evaluated(input.default, {}, token),
    ]),
  )
  const given = { ...defaults, program, ...inputs }
  const [summary, output] = [file('summary.md'), file('output')]
  const env = {
    ...plainVariables(),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: ACTION_PATH,
    GITHUB_API_URL: api.url,
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: file('event.json', JSON.stringify(event)),
    GITHUB_OUTPUT: output,
    GITHUB_REPOSITORY: 'octo/repo',
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_WORKSPACE: workspace,
  }
  const values = (step: Step) =>
    Object.entries(step.env).map(([name, value]) => [name, evaluated(value, given, token)])
  const { status, log } = await runSteps(action.runs.steps, workspace, (step) => ({
    ...env,
    ...Object.fromEntries(values(step)),
  }))
  return {
    status,
    log,
    summary: readFileSync(summary, 'utf8'),
    outputs: outputsIn(readFileSync(output, 'utf8')),
  }
}
