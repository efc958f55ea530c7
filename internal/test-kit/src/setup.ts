import { afterAll } from 'vitest'
import { requireGivenGit } from './git-version.js'
import { isolateGit } from './isolate-git.js'
import { removeTempFolders } from './temp-folder.js'

isolateGit()
requireGivenGit()
afterAll(removeTempFolders)
