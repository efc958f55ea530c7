import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { collectStreamErrors } from '../../src/git/run-git.js'

const closed = (stream: PassThrough) => new Promise((resolve) => stream.once('close', resolve))

const streams = () => ({
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
})

it.each(['stdin', 'stdout', 'stderr'] as const)(
  'a git whose %s failed has failed',
  async (name) => {
    const git = streams()
    const failed = collectStreamErrors(git)
    git[name].destroy(Object.assign(new Error('write EACCES'), { code: 'EACCES' }))
    await closed(git[name])
    expect(failed).toEqual([`${name} of git failed: write EACCES`])
  },
)

it('a git that exits before it has read everything is judged by its exit status', async () => {
  const git = streams()
  const failed = collectStreamErrors(git)
  git.stdin.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  await closed(git.stdin)
  expect(failed).toEqual([])
})
