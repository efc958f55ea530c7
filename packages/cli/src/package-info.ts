import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { arch, platform } from 'node:process'
import { fileURLToPath } from 'node:url'

/** The folder of this package. The source and the build are at the same depth below it. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url))

type Manifest = {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly oclif: { readonly topics: Readonly<Record<string, { readonly description: string }>> }
}

const readManifest = (): Manifest => JSON.parse(readFileSync(`${PACKAGE_ROOT}package.json`, 'utf8'))

const { name, version, description, oclif } = readManifest()

/** One sentence about the program. */
export const DESCRIPTION = description

/** The topics of commands, such as `ops`, with a description. */
export const TOPICS = oclif.topics

/** The name that the program shares with another one. */
export const SHARED_NAME = 'spec-kitty'

const OWN_NAME = 'kitty-ops'

/** The names under which the program can be started, so that hooks can run it under either. */
export const PROGRAM_NAMES = [SHARED_NAME, OWN_NAME] as const

/** The file that was started has one of the names: where it is a link, that of the link. */
const startedAs = basename(process.argv[1] ?? '', '.js') === OWN_NAME ? OWN_NAME : SHARED_NAME

/** The program as users start it, so that printed commands start the same one; the type is `ProgramName`. */
export const SPEC_KITTY = { bin: startedAs, topicSeparator: ' ' } as const

/** The version of the program, for programs. */
export const VERSION = {
  name,
  version,
  platform: `${platform}-${arch}`,
  node: process.version,
} as const

/** The same for people, such as `@kitty/cli/1.0.0 linux-x64 node-v20.19.0`. */
export const VERSION_LINE = `${name}/${version} ${VERSION.platform} node-${process.version}`
