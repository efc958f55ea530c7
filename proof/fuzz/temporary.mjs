// Folders of a target. `fuzz.mjs` removes them when it ends.
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const temporaryFolder = () =>
  realpathSync.native(mkdtempSync(join(tmpdir(), 'kitty-target-')))
