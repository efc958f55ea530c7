import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { basename, dirname } from 'node:path'
import { type Repository, repositoryAt } from '@kitty/test-kit'
import { afterEach } from 'vitest'

/** What the server does with a request, as a test changes it while it runs. */
type HttpBehaviour = {
  /** Ends the connection after these many bytes of the answer to requests whose path ends so. */
  breakAnswer?: { readonly path: string; readonly after: number } | undefined
  /** Ends the connection after these many bytes of a request whose path ends so. */
  breakRequest?: { readonly path: string; readonly after: number } | undefined
  /** Never answers requests whose path ends so. */
  silent?: string | undefined
  /** Demands this name and password, as `name:password`. */
  credentials?: string | undefined
}

export type HttpServer = {
  readonly url: string
  readonly behaviour: HttpBehaviour
  /** The requests so far, `<method> <path>`. */
  readonly requests: string[]
}

const stops: (() => void)[] = []

afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

const variablesFor = (request: IncomingMessage, server: Repository): NodeJS.ProcessEnv => {
  const { pathname, search } = new URL(request.url ?? '', 'http://localhost')
  const { headers } = request
  return {
    ...process.env,
    GIT_PROJECT_ROOT: dirname(server.path),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: pathname,
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: headers['content-type'],
    HTTP_CONTENT_ENCODING: headers['content-encoding'],
    GIT_PROTOCOL: String(headers['git-protocol'] ?? ''),
    REMOTE_USER: 'somebody',
    REMOTE_ADDR: '127.0.0.1',
  }
}

/** Writes the status and the headers that a CGI program prints. Returns the rest. */
const sendHead = (head: string, response: ServerResponse): void => {
  let status = 200
  for (const line of head.split('\r\n').filter(Boolean)) {
    const at = line.indexOf(':')
    const [name, value] = [line.slice(0, at), line.slice(at + 1).trim()]
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10)
    else response.setHeader(name, value)
  }
  response.writeHead(status)
}

const END = '\r\n\r\n'

/** Answers a request with what `git http-backend` says. */
const answer = (
  request: IncomingMessage,
  response: ServerResponse,
  server: Repository,
  { breakAnswer, breakRequest }: HttpBehaviour,
): void => {
  const path = request.url?.split('?')[0] ?? ''
  const git = spawn('git', ['http-backend'], { env: variablesFor(request, server) })
  git.stdin.on('error', () => undefined)
  let [received, sent, head] = [0, 0, '']
  request.on('data', (chunk: Buffer) => {
    received += chunk.length
    if (breakRequest && path.endsWith(breakRequest.path) && received >= breakRequest.after) {
      request.socket.destroy()
      git.kill()
    } else git.stdin.write(chunk)
  })
  request.on('end', () => git.stdin.end())
  git.stdout.on('data', (chunk: Buffer) => {
    let body = chunk
    if (!response.headersSent) {
      head += chunk.toString('latin1')
      const at = head.indexOf(END)
      if (at < 0) return
      sendHead(head.slice(0, at), response)
      body = Buffer.from(head.slice(at + END.length), 'latin1')
    }
    const end = breakAnswer && path.endsWith(breakAnswer.path) ? breakAnswer.after : undefined
    if (end !== undefined) body = body.subarray(0, end - sent)
    sent += body.length
    response.write(body)
    if (sent === end) {
      response.socket?.end()
      response.socket?.destroySoon()
      git.kill()
    }
  })
  git.on('close', () => response.end())
}

/** Serves a repository over HTTP on the loopback interface until the test ends. */
export const serveHttp = async (server: Repository): Promise<HttpServer> => {
  await server.git('config', 'http.receivepack', 'true')
  const behaviour: HttpBehaviour = {}
  const requests: string[] = []
  const http = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    requests.push(`${request.method} ${request.url}`)
    const { silent, credentials } = behaviour
    if (silent !== undefined && path.endsWith(silent)) return
    const given = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64')
    if (credentials !== undefined && given.toString() !== credentials) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end()
    } else answer(request, response, server, behaviour)
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  stops.push(() => {
    http.closeAllConnections()
    http.close()
  })
  const address = http.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return { url: `http://127.0.0.1:${port}/${basename(server.path)}`, behaviour, requests }
}

/** Whether the git of the tests can use HTTP: some builds leave out the program for it. */
export const hasHttp = async (): Promise<boolean> => {
  const { stderr } = await repositoryAt(process.cwd()).tryGit('ls-remote', 'http://127.0.0.1:1/x')
  return !/remote-http|remote helper/.test(stderr)
}
