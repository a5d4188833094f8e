/** A disk that is full or read-only: a clear error and an end, on a small memory disk where this user may mount one. */
import { execFileSync } from "node:child_process"
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "@effect/vitest"
import { quickly, temporary } from "./program.ts"

const { path, remove } = temporary()
const disk = join(path, "disk")

const mount = (...args: ReadonlyArray<string>): boolean => {
  try {
    execFileSync("mount", [...args, disk], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}
mkdirSync(disk)
const mounted = mount("-t", "tmpfs", "-o", "size=48k", "tmpfs")

afterAll(() => {
  if (mounted) execFileSync("umount", [disk])
  remove()
})

describe.skipIf(!mounted)("a run on a disk", () => {
  it("that is full fails with the reason, and goes on when there is room", async () => {
    const full = await quickly("run", "--store", disk)
    expect(full.code).toBe(1)
    expect(full.err).toMatch(/ENOSPC[\s\S]*mend: free some space/u)
    mount("-o", "remount,size=4m")
    const again = await quickly("run", "--store", disk)
    expect([again.code, again.err]).toEqual([0, ""])
  })

  it("that is read-only reuses what is there, and fails where it would have to write", async () => {
    mount("-o", "remount,ro")
    const hits = await quickly("run", "--store", disk)
    expect(hits.code).toBe(0)
    expect(hits.out).toContain("Nothing to do")
    expect(hits.err).toMatch(/warning: this run leaves no record/u)
    const miss = await quickly("run", "--set", "grow.factor=3", "--store", disk)
    expect(miss.code).toBe(1)
    expect(miss.err).toMatch(/EROFS[\s\S]*mend: choose a folder that can be written/u)
  })
})
