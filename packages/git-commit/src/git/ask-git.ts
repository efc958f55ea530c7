import { Socket } from 'node:net'
import { type AnsweringGit, startAnsweringGit } from './run-git.js'

/** Takes the next piece of git's output. Returns whether the answer is complete. */
export type AnswerEnds = (piece: Buffer) => boolean

/**
 * Sends a question. Returns the answer, or `undefined` if git does not run, has ended or takes too long: then run the
 * command in the usual way, which says why.
 */
export type AskGit = (question: string, ends: AnswerEnds) => Promise<Buffer | undefined>

/** Git ends this many milliseconds after its last answer. */
const IDLE_MS = 1_000

const TIMEOUT_MS = 60_000

const isRunning = ({ pid, exitCode, signalCode }: AnsweringGit): boolean =>
  pid !== undefined && exitCode === null && signalCode === null

/** Lets this process exit while git waits, or not. */
const keepAlive = (git: AnsweringGit, isNeeded: boolean): void => {
  for (const part of [git, git.stdin, git.stdout]) {
    if (part instanceof Socket || part === git) part[isNeeded ? 'ref' : 'unref']()
  }
}

const answerOf = (
  git: AnsweringGit,
  question: string,
  ends: AnswerEnds,
): Promise<Buffer | undefined> =>
  new Promise((resolve) => {
    const pieces: Buffer[] = []
    const finish = (answer: Buffer | undefined): void => {
      clearTimeout(timer)
      git.stdout?.off('data', take)
      git.off('close', giveUp)
      resolve(answer)
    }
    const take = (piece: Buffer): void => {
      pieces.push(piece)
      if (ends(piece)) finish(Buffer.concat(pieces))
    }
    const giveUp = (): void => finish(undefined)
    const timer = setTimeout(() => {
      git.kill('SIGKILL')
      giveUp()
    }, TIMEOUT_MS)
    git.stdout?.on('data', take)
    git.on('close', giveUp)
    git.stdin?.write(question)
  })

/**
 * Returns a function that asks one git command, which starts with the first question and then answers while it runs. It
 * is for commands that answer each line of their input. An idle one ends; it never keeps this process alive.
 */
export const askGit = (cwd: string, args: readonly string[]): AskGit => {
  let git: AnsweringGit | undefined
  let before: Promise<unknown> = Promise.resolve()
  let idle: NodeJS.Timeout | undefined
  const ask = async (question: string, ends: AnswerEnds): Promise<Buffer | undefined> => {
    clearTimeout(idle)
    git ??= startAnsweringGit(cwd, args)
    const asked = git
    if (asked === undefined || !isRunning(asked)) return undefined
    keepAlive(asked, true)
    const answer = await answerOf(asked, question, ends)
    keepAlive(asked, false)
    if (answer === undefined) git = undefined
    idle = setTimeout(() => {
      asked.stdin?.end()
      git = undefined
    }, IDLE_MS).unref()
    return answer
  }
  return (question, ends) => {
    const answer = before.then(() => ask(question, ends))
    before = answer
    return answer
  }
}
