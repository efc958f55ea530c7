import { detectAgent } from './agents.js'
import type { Variables } from './io.js'

/** What the environment says. A variable that is set to nothing, or to white space, counts as not set. */
export type Environment = {
  /** `PATH`: where a shell looks for programs. */
  readonly path: string
  /** `SPEC_KITTY_ROOT` */
  readonly root: string | undefined
  /** `SPEC_KITTY_PROFILE` */
  readonly profile: string | undefined
  /** `SPEC_KITTY_MISSION` */
  readonly mission: string | undefined
  /** `SPEC_KITTY_WP` */
  readonly workPackage: string | undefined
  /** `SPEC_KITTY_SESSION`, or what the agent says of itself: the agent's session. */
  readonly session: string | undefined
  /** `CLAUDE_ENV_FILE`: lines of a shell that Claude Code puts before every command of the session. */
  readonly sessionScript: string | undefined
  /** `SPEC_KITTY_COMMIT_STRATEGY`: a module whose default export is a strategy, or makes one. */
  readonly strategy: string | undefined
  /** `SPEC_KITTY_ACTOR`: who is at work. */
  readonly actor: string | undefined
  /** The agent at work, as far as agents give themselves away; undefined for a person. */
  readonly agent: string | undefined
  /** False where `NO_COLOR` is set, or the terminal says that it cannot. */
  readonly colour: boolean
  /** `DEBUG=spec-kitty` */
  readonly debug: boolean
}

/** Windows spells the name as it likes. */
const pathIn = (variables: Variables): string =>
  Object.entries(variables).find(([name, value]) => value && name.toUpperCase() === 'PATH')?.[1] ??
  ''

/** Reads the environment. Nothing else in this package looks at a variable. */
export const readEnvironment = (variables: Variables): Environment => {
  const value = (name: string): string | undefined =>
    variables[name]?.trim() ? variables[name] : undefined
  const agent = detectAgent(variables)
  return {
    path: pathIn(variables),
    root: value('SPEC_KITTY_ROOT'),
    profile: value('SPEC_KITTY_PROFILE'),
    mission: value('SPEC_KITTY_MISSION'),
    workPackage: value('SPEC_KITTY_WP'),
    session: value('SPEC_KITTY_SESSION') ?? agent?.session,
    sessionScript: value('CLAUDE_ENV_FILE'),
    strategy: value('SPEC_KITTY_COMMIT_STRATEGY'),
    actor: value('SPEC_KITTY_ACTOR'),
    agent: agent?.actor,
    colour: value('NO_COLOR') === undefined && variables.TERM !== 'dumb',
    debug:
      value('DEBUG')
        ?.split(/[\s,]+/)
        .includes('spec-kitty') ?? false,
  }
}
