export { ANOTHER_USER, asOrdinaryUser, giveTo, whileReadOnly } from '@kitty/test-kit'
