// node scripts/task.mjs NAME…: runs tasks of turbo.json, or restores their results if nothing has changed.

import { setup } from './setup.mjs'
import { turbo } from './tools.mjs'
import { toolsSeen } from './tools-seen.mjs'
import { main } from './trouble.mjs'

await main(async () => {
  await setup()
  return turbo(process.argv.slice(2), toolsSeen())
})
