/** For Fluent's fields: what is wrong, in words, if anything is. */
export const faultProps = (fault: string | null | undefined) =>
  fault == null ? {} : ({ validationState: 'error', validationMessage: fault } as const)
