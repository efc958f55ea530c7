export { withEnv } from '@kitty/test-kit'
