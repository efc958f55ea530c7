import { afterAll } from 'vitest'
import { isolateGit } from './isolate-git.js'
import { removeTempFolders } from './temp-folder.js'

isolateGit()
afterAll(removeTempFolders)
