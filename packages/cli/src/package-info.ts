import { readFileSync } from 'node:fs'
import { arch, platform } from 'node:process'
import { fileURLToPath } from 'node:url'

/** The folder of this package; the same seen from the source and from the build. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url))

type Manifest = {
  readonly name: string
  readonly version: string
  readonly description: string
}

const readManifest = (): Manifest => JSON.parse(readFileSync(`${PACKAGE_ROOT}package.json`, 'utf8'))

const { name, version, description } = readManifest()

/** What it is, in a sentence. */
export const DESCRIPTION = description

/** The name that people type. */
export const BIN = 'spec-kitty'

/** Such as `@kitty/cli/1.0.0 linux-x64 node-v20.19.0`. */
export const VERSION_LINE = `${name}/${version} ${platform}-${arch} node-${process.version}`
