import type { Repository } from '@kitty/test-kit'

/** Gives the index a version that only git changes. */
export const leaveIndexToGit = ({ git }: Repository): Promise<unknown> =>
  git('update-index', '--index-version', '4')
