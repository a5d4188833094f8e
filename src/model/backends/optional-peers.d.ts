/** What this project uses of its optional peers. */

declare module "@tensorflow/tfjs-node" {
  export const version: Readonly<Record<string, string>>
}

declare module "@tensorflow/tfjs-node-gpu" {
  export const version: Readonly<Record<string, string>>
}

declare module "@tensorflow/tfjs-backend-webgpu"

declare module "webgpu" {
  interface Adapter {
    readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly description?: string }
  }
  export const create: (flags: ReadonlyArray<string>) => { readonly requestAdapter: () => Promise<Adapter | null> }
  export const globals: Readonly<Record<string, unknown>>
}
