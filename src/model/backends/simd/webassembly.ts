/** What this backend uses of WebAssembly; without a browser's types there is no declaration of it. */

declare const compiled: unique symbol
export interface Module {
  readonly [compiled]: true
}

export interface Memory {
  readonly buffer: SharedArrayBuffer
  readonly grow: (pages: number) => number
}

interface WebAssemblyApi {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly Module: new (bytes: Uint8Array) => Module
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => Memory
  readonly Instance: new (module: Module, imports: object) => { readonly exports: Readonly<Record<string, unknown>> }
}

export const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }
