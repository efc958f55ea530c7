import { isGitOlder } from '@kitty/test-kit'

/** Whether direct git writes a local index: older versions of git do not overwrite an ignored file in a merge. */
export const HAS_LOCAL_INDEX = !isGitOlder('2.34')
