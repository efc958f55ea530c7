import type { OpEvent, OpRecord } from '@kitty/record'

/** The texts of an event that people search for. Names that every record has, such as outcomes, are not among them. */
const textsOf = (event: OpEvent): readonly (string | undefined)[] => {
  switch (event.event) {
    case 'started': {
      const { request_text, profile_id, action, actor, model_id, mission_id, wp_id } = event
      return [request_text, profile_id, action, actor, model_id, mission_id, wp_id]
    }
    case 'note':
      return [event.text]
    case 'artifact_link':
      return [event.ref]
    case 'commit_link':
      return [event.sha]
    case 'completed':
      return [event.evidence_ref]
    default:
      return []
  }
}

/** In upper case, because the lower case of a Greek sigma depends on its place in the word. */
const folded = (text: string): string => text.normalize('NFC').toUpperCase()

/**
 * Returns a function that checks whether a record contains a text, in upper or lower case and in any Unicode form: in the
 * request, the reason and other notes, the profile, action, actor, model, mission, work package, evidence, artifacts or
 * commits. The text is not a pattern.
 */
export const textMatcher = (wanted: string): ((record: OpRecord) => boolean) => {
  const text = folded(wanted)
  return ({ events }) =>
    events.some((event) =>
      textsOf(event).some((each) => each !== undefined && folded(each).includes(text)),
    )
}
