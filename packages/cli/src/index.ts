export type { Io, Output, Variables } from './io.js'
export { main } from './main.js'
