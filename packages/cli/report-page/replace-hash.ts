import { hashOfState, type UrlState } from './url-state.js'

/** Changes the part of the address after `#`, without a new entry in the history. */
export const replaceHash = (state: UrlState): void => {
  const hash = hashOfState(state)
  if (hash === location.hash.slice(1)) return
  // An empty one leaves no `#` behind.
  history.replaceState(null, '', hash === '' ? location.href.split('#', 1)[0] : `#${hash}`)
}
