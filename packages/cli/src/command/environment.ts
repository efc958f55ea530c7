import { detectAgent } from './agents.js'
import type { Variables } from './io.js'

/** The settings in the environment. A variable that is empty or white space counts as not set. */
export type Environment = {
  /** `PATH`: the folders where a shell finds programs. */
  readonly path: string
  /** `PATHEXT`: what a shell of Windows adds to the name of a program. */
  readonly pathExtensions: string | undefined
  /** `SPEC_KITTY_PASSED_ON`: the programs that a command was passed on to, so that none is tried again. */
  readonly passedOn: string | undefined
  /** `SPEC_KITTY_ROOT` */
  readonly root: string | undefined
  /** `SPEC_KITTY_PROFILE` */
  readonly profile: string | undefined
  /** `SPEC_KITTY_MISSION` */
  readonly mission: string | undefined
  /** `SPEC_KITTY_WP` */
  readonly workPackage: string | undefined
  /** `SPEC_KITTY_SESSION`: the setting of a person, which overrides every agent. */
  readonly ownSession: string | undefined
  /** `ownSession`; else the session that the agent has set; else the one that our hook has exported. */
  readonly session: string | undefined
  /** `CLAUDE_ENV_FILE`: a script that Claude Code runs before each command of the session. */
  readonly sessionScript: string | undefined
  /** `SPEC_KITTY_COMMIT_STRATEGY`: a module whose default export is a strategy, or a function that returns one. */
  readonly strategy: string | undefined
  /** `SPEC_KITTY_ACTOR`: who does the work. */
  readonly actor: string | undefined
  /** The detected agent; `undefined` if there is none. */
  readonly agent: string | undefined
  /** `false` if `NO_COLOR` is set or `TERM` is `dumb`. */
  readonly colour: boolean
  /** `DEBUG=spec-kitty` */
  readonly debug: boolean
}

/** The variable that our hook exports for the commands of a session. It is not for people. */
export const HOOK_SESSION = 'SPEC_KITTY_HOOK_SESSION'

/** The variable with the programs that a command was passed on to. It is not for people. */
export const PASSED_ON = 'SPEC_KITTY_PASSED_ON'

/** On Windows the name of a variable can have any case. */
const inAnyCase = (variables: Variables, wanted: string): string | undefined =>
  Object.entries(variables).find(([name, value]) => value && name.toUpperCase() === wanted)?.[1]

/** Reads the environment. Nothing else in this package reads a variable by name. */
export const readEnvironment = (variables: Variables): Environment => {
  const value = (name: string): string | undefined =>
    variables[name]?.trim() ? variables[name] : undefined
  const agent = detectAgent(variables)
  return {
    path: inAnyCase(variables, 'PATH') ?? '',
    pathExtensions: inAnyCase(variables, 'PATHEXT'),
    passedOn: value(PASSED_ON),
    root: value('SPEC_KITTY_ROOT'),
    profile: value('SPEC_KITTY_PROFILE'),
    mission: value('SPEC_KITTY_MISSION'),
    workPackage: value('SPEC_KITTY_WP'),
    ownSession: value('SPEC_KITTY_SESSION'),
    // What a hook exported can be of an earlier session: what the agent says now overrides it.
    session: value('SPEC_KITTY_SESSION') ?? agent?.session ?? value(HOOK_SESSION),
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
