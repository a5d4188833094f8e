import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import { escapeText, html, toText, visible } from "../../src/report/html.ts"

const plain = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")

describe("escapeText", () => {
  it.prop(
    "leaves no character that could open markup or end an attribute, and loses none",
    [Schema.String],
    ([text]) => {
      expect(escapeText(text)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
      expect(plain(escapeText(text))).toBe(visible(text))
    }
  )

  it("shows the characters that would reorder or hide a name", () => {
    expect(escapeText("photo\u202egpj.exe")).toBe("photo\\u{202e}gpj.exe")
    expect(escapeText("a\u0000b\u007f")).toBe("a\\u{0}b\\u{7f}")
    expect(escapeText("\ud800")).toBe("\ufffd")
  })
})

describe("html", () => {
  it("escapes what is put in, but markup of its own and lists of it", () => {
    const name = "<img src=x onerror=alert(1)>"
    const inner = html`<b>${name}</b>`
    expect(toText(html`<p title="${name}">${[inner, inner]}${null}${3}</p>`)).toBe(
      '<p title="&lt;img src=x onerror=alert(1)&gt;"><b>&lt;img src=x onerror=alert(1)&gt;</b><b>&lt;img src=x onerror=alert(1)&gt;</b>3</p>'
    )
  })
})
