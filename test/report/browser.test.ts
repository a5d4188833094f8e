/** The report in a real browser. Skipped where Debian's Chromium is not installed. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { Effect } from "effect"
import { type Browser, chromium } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { visible } from "../../src/report/html.ts"
import { renderReport } from "../../src/report/render.ts"
import { fullInput, hostileInput, reportInput, threeArms } from "./fixture.ts"

const executable = "/usr/bin/chromium"
const installed = existsSync(executable)
if (!installed) console.warn(`${executable} is not installed: the report is not opened in a browser`)

const long = "an_arm_whose_name_has_no_place_to_break_and_is_much_longer_than_a_telephone_is_wide"

interface Seen {
  readonly overflow: number
  readonly outside: ReadonlyArray<string>
  readonly charts: ReadonlyArray<{ name: string; role: string | null; marks: number; width: number }>
  readonly unresolved: number
  /** Texts of forest plots that lie over each other or over an interval, or reach out of their chart. */
  readonly crowded: ReadonlyArray<string>
}

/** Runs in the page, whose types (DOM) this project does not load: what reaches over the edge, what charts are shown. */
const look = `(() => {
  const shown = [...document.querySelectorAll("svg.chart")].filter((chart) => chart.getClientRects().length > 0)
  const right = document.documentElement.clientWidth
  const free = (element) => element.closest(".scroll, svg, .skip") === null
  return {
    overflow: document.documentElement.scrollWidth - right,
    outside: [...document.body.querySelectorAll("*")]
      .filter((element) => free(element) && element.getBoundingClientRect().right > right + 0.5)
      .map((element) => element.outerHTML.slice(0, 120)),
    charts: shown.map((chart) => ({
      name: chart.getAttribute("aria-label") ?? "",
      role: chart.getAttribute("role"),
      marks: chart.querySelectorAll("path[d], line").length,
      width: chart.getBoundingClientRect().width
    })),
    unresolved: shown
      .flatMap((chart) => [...chart.querySelectorAll("[stroke]")])
      .filter((mark) => getComputedStyle(mark).stroke === "none").length,
    crowded: shown
      .filter((chart) => chart.getAttribute("aria-label").startsWith("Forest plot"))
      .flatMap((chart) => {
        const box = (element) => element.getBoundingClientRect()
        const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
        const texts = [...chart.querySelectorAll("text")]
        const marks = [...chart.querySelectorAll('line[stroke^="var(--arm"]')]
        const frame = box(chart)
        // The number at an axis' end may reach into the margin of the page.
        const margin = 16
        return texts.flatMap((text, at) => {
          const own = box(text)
          const out = own.left < frame.left - margin || own.right > frame.right + margin
          const hit = [...texts.slice(at + 1), ...marks].find((other) => over(own, box(other)))
          return out || hit ? [text.textContent + (hit ? " over " + (hit.textContent || "an interval") : " out of the chart")] : []
        })
      })
  }
})()`

describe.skipIf(!installed)("the report in Chromium", () => {
  let browser: Browser
  let folder: string
  const sentences: Record<string, string> = {}

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dermograph-report-"))
    const inputs = {
      full: await fullInput(),
      long: reportInput(
        threeArms.map((arm) => ({ ...arm, name: `${arm.name} ${long}` })),
        [0]
      ),
      hostile: hostileInput()
    }
    for (const [name, input] of Object.entries(inputs)) {
      const report = await Effect.runPromise(renderReport(input))
      writeFileSync(join(folder, `${name}.html`), report.html)
      sentences[name] = JSON.parse(report.json).verdict.sentence
    }
    browser = await chromium.launch({
      executablePath: executable,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    })
  })

  afterAll(async () => {
    await browser?.close()
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  })

  const cases = [1280, 375].flatMap((width) => [
    { name: "full", width, colorScheme: "light" as const },
    { name: "full", width, colorScheme: "dark" as const },
    { name: "long", width, colorScheme: "light" as const },
    { name: "hostile", width, colorScheme: "dark" as const }
  ])

  it.each(cases)("$name at $width px, $colorScheme: quiet, alone, whole", async ({ name, width, colorScheme }) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme })
    const messages: Array<string> = []
    const requests: Array<string> = []
    page.on("console", (message) => messages.push(message.text()))
    page.on("pageerror", (error) => messages.push(error.message))
    const address = pathToFileURL(join(folder, `${name}.html`)).href
    page.on("request", (request) => {
      if (request.url() !== address && !request.url().startsWith("data:")) requests.push(request.url())
    })
    await page.goto(address)
    expect(messages).toEqual([])
    expect(requests).toEqual([])
    expect(await page.locator("h1").textContent()).toBe(visible(sentences[name]!))

    const seen = await page.evaluate<Seen>(look)
    expect(seen.overflow).toBe(0)
    expect(seen.outside).toEqual([])
    expect(seen.unresolved).toBe(0)
    expect(seen.crowded).toEqual([])
    // Differences, arms, ROC; a loss and an AUC panel an arm; a reliability diagram an arm.
    expect(seen.charts.length).toBeGreaterThanOrEqual(3 + 3 * 2 + 3)
    for (const chart of seen.charts) {
      expect(chart.role).toBe("img")
      expect(chart.name.length).toBeGreaterThan(20)
      expect(chart.marks).toBeGreaterThan(5)
      expect(chart.width).toBeGreaterThan(200)
    }
    await page.close()
  })

  it("shows that a table is wider than a telephone, and scrolls it by keyboard inside its own box", async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } })
    await page.goto(pathToFileURL(join(folder, "full.html")).href)
    const box = page.locator(".scroll.tests")
    const seen = await box.evaluate((element) => ({ inner: element.scrollWidth, outer: element.clientWidth }))
    expect(seen.inner).toBeGreaterThan(seen.outer)
    const shadows =
      'getComputedStyle(document.querySelector(".scroll.tests")).backgroundImage.split("linear-gradient").length'
    expect(await page.evaluate(shadows)).toBe(5)
    const hint = 'getComputedStyle(document.querySelector(".scroll.tests caption"), "::after").content'
    expect(await page.evaluate(hint)).toContain("scroll sideways")
    await box.focus()
    await page.keyboard.press("ArrowRight")
    await expect.poll(() => box.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0)
    expect(await page.evaluate("document.documentElement.scrollLeft")).toBe(0)
    await page.close()
  })

  it("wraps the settings, a list of transforms too, on a telephone", async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } })
    await page.goto(pathToFileURL(join(folder, "full.html")).href)
    const box = page.locator(".scroll.settings")
    expect(await box.innerText()).toContain('"borderMode": "reflect101"')
    expect(await box.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
    await page.close()
  })

  it("is printed in black on white, whole, without its navigation", async () => {
    const page = await browser.newPage({ viewport: { width: 680, height: 960 }, colorScheme: "dark" })
    await page.emulateMedia({ media: "print", colorScheme: "dark" })
    await page.goto(pathToFileURL(join(folder, "full.html")).href)
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)")
    expect(await page.locator("nav").isVisible()).toBe(false)
    expect(await page.locator("svg.chart").first().isVisible()).toBe(true)
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(680)
    await page.close()
  })

  it("has charts that are files of their own: well formed, no request, drawn", async () => {
    const { charts } = await Effect.runPromise(renderReport(await fullInput()))
    for (const { name, svg } of charts) writeFileSync(join(folder, `${name}.svg`), svg)
    const images = charts.map(({ name }) => `<img src="${name}.svg" alt="${name}">`).join("")
    writeFileSync(join(folder, "charts.html"), `<!doctype html><title>charts</title>${images}`)
    const page = await browser.newPage()
    const requests: Array<string> = []
    page.on("request", (request) => requests.push(request.url()))
    await page.goto(pathToFileURL(join(folder, "charts.html")).href)
    expect(requests.filter((url) => !url.endsWith(".svg"))).toHaveLength(1)
    const broken = "[...document.images].filter((image) => image.naturalWidth < 200).map((image) => image.alt)"
    expect(await page.evaluate(broken)).toEqual([])
    await page.close()
  })

  it("can be read by headings, landmarks and the keyboard", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(pathToFileURL(join(folder, "full.html")).href)
    const levels = await page
      .locator("h1, h2, h3")
      .evaluateAll((all) => all.map((heading) => Number(heading.tagName[1])))
    expect(levels[0]).toBe(1)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(await page.locator("main").count()).toBe(1)
    for (const table of await page.locator("table").all()) expect(await table.locator("caption").count()).toBe(1)
    await page.keyboard.press("Tab")
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the figures")
    await page.keyboard.press("Enter")
    expect(await page.evaluate("location.hash")).toBe("#difference")
    await page.locator("summary").first().focus()
    await page.keyboard.press("Enter")
    expect(await page.locator("details").first().getAttribute("open")).toBe("")
    await page.close()
  })
})
