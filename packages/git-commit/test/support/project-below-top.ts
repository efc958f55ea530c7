import { join } from 'node:path'
import type { OpId } from '@kitty/record'
import { closedRecordText, newRepository, type Repository } from '@kitty/test-kit'
import { recordPath } from '@kitty/writer/internals'

/** A project below the top of its repository, with the record of one Op in it, committed. */
export const projectBelowTop = async (
  id: OpId,
): Promise<{ repository: Repository; root: string; blob: string }> => {
  const repository = await newRepository()
  const path = `a b/${recordPath(id)}`
  await repository.write(path, closedRecordText({ id }))
  await repository.commit('One Op')
  const blob = await repository.git('rev-parse', `HEAD:${path}`)
  return { repository, root: join(repository.path, 'a b'), blob }
}
