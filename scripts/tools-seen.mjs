import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { top } from './run.mjs'
import { Trouble } from './trouble.mjs'

/**
 * Returns environment variables for turbo, which keeps separate results for each value. They name what results depend
 * on other than the files of this repository. Throws `Trouble` if git is not found.
 */
export const toolsSeen = () => {
  const { status, stdout } = spawnSync('git', ['--version'], { encoding: 'utf8' })
  if (status !== 0) throw new Trouble('git not found. Install git 2.30 or newer.')
  const corpus = existsSync(join(top, '..', 'shared', 'corpus')) ? 'corpus' : 'no corpus'
  return { KITTY_TOOLS: [process.platform, process.version, stdout.trim(), corpus].join(', ') }
}
