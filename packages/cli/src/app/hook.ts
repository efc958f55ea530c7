import { HOOK_EVENTS } from '../agents/agent.js'
import { AGENTS } from '../agents/registry.js'
import { type GivenIo, withProcess } from '../command/io.js'
import type { HookCall } from '../hooks/hook-setting.js'
import { runHook } from '../hooks/run-hook.js'
import { SPEC_KITTY } from '../package-info.js'
import { PLAIN } from '../terminal/style.js'

/** The call in these arguments, in just the form that `hooks install` writes. Otherwise `undefined`. */
const callOf = ([topic, name, flag, agentName, ...more]: readonly string[]):
  | HookCall
  | undefined => {
  const event = HOOK_EVENTS.find((each) => each === name)
  const agent = AGENTS.find((each) => each.name === agentName)
  const isKnown = more.length === 0 || (more.length === 1 && more[0] === '--capture')
  if (topic !== 'hooks' || event === undefined || flag !== '--agent') return undefined
  if (agent === undefined || !isKnown) return undefined
  return { event, agent, isInstalled: true, capture: more.length > 0, root: undefined }
}

/**
 * Runs an installed hook without the parts of the command line that it does not need: an agent waits for each one.
 * Returns false if these arguments are something else. Never throws.
 */
export const runInstalledHook = async (
  argv: readonly string[],
  given: GivenIo = {},
): Promise<boolean> => {
  const call = callOf(argv)
  if (call === undefined) return false
  const io = withProcess(given)
  try {
    const root = io.variables.SPEC_KITTY_ROOT?.trim() ? io.variables.SPEC_KITTY_ROOT : undefined
    const result = await runHook(call, io, { ...SPEC_KITTY, root })
    io.stdout.write(result.text(PLAIN))
  } catch {
    // An error must not disturb the session.
  }
  return true
}
