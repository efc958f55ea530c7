// The first step of the action: builds the program of this checkout, unless another one is given.
import { main } from '../scripts/trouble.mjs'

await main(async () => {
  if (process.env.KITTY_PROGRAM) return
  const { setup } = await import('../scripts/setup.mjs')
  await setup()
})
