/** Whether `bytes` starts with `beginning`. */
export const startsWith = (bytes: Buffer, beginning: Uint8Array): boolean =>
  bytes.subarray(0, beginning.length).equals(beginning)
