import { cp } from 'node:fs/promises'
import { type Repository, repositoryAt, tempFolder } from '@kitty/test-kit'
import { beforeAll } from 'vitest'

/** Makes a repository once for a test file; the function returns a copy, which needs no git process. */
export const templateOf = (make: () => Promise<Repository>): (() => Promise<Repository>) => {
  let template: Repository | undefined
  beforeAll(async () => {
    template = await make()
  })
  return async () => {
    const copy = await tempFolder()
    await cp(template?.path ?? '', copy, { recursive: true, verbatimSymlinks: true })
    return repositoryAt(copy)
  }
}
