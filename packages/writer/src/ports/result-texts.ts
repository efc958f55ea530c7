/** The texts that a result of each status has. A program without types can leave one out. */
export const RESULT_TEXTS: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['committed', ['sha']],
  ['deferred', ['reason', 'message']],
  ['refused', ['code', 'message']],
  ['skipped', ['reason']],
  ['failed', ['code', 'message']],
])
