/** The zip archives that torch.save writes: entries stored, not compressed. Nothing is unpacked to a disk. */
import { WeightFileError } from "../errors.ts"

const fail = (message: string) => new WeightFileError({ tensor: undefined, message })

/** Entries by name, as views of the bytes given. Throws WeightFileError. */
export const zipEntries = (bytes: Uint8Array, place: string): ReadonlyMap<string, Uint8Array> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const damaged = (what: string) => fail(`${place}: ${what}. The zip archive is damaged or cut short: fetch it again.`)
  let end = bytes.length - 22
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw damaged("no directory at its end")
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (count === 0xffff || at === 0xffffffff) throw fail(`${place}: a zip64 archive. Convert it to safetensors.`)
  const entries = new Map<string, Uint8Array>()
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) throw damaged("a malformed directory")
    const size = view.getUint32(at + 24, true)
    const nameLength = view.getUint16(at + 28, true)
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    if (view.getUint16(at + 10, true) !== 0)
      throw fail(`${place}: "${name}" is compressed, which torch.save never does.`)
    const local = view.getUint32(at + 42, true)
    if (local + 30 > bytes.length || view.getUint32(local, true) !== 0x04034b50) throw damaged(`no entry "${name}"`)
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    if (start + size > bytes.length) throw damaged(`"${name}" ends outside the file`)
    entries.set(name, bytes.subarray(start, start + size))
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}
