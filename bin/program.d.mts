/** See `program.mjs`. */
export const programOf: (
  root: string,
  configuration: string,
  options?: { readonly loaders?: boolean }
) => Promise<string>
