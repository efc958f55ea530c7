import type { ZodError } from 'zod'

/** The first thing a schema found wrong, as `field: message`. */
export const firstIssue = (error: ZodError): string => {
  const issue = error.issues[0]
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
}
