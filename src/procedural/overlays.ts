/** What lies between camera and skin: hairs, bubbles of the immersion fluid, a ruler. Drawn into float RGB in place. */
import { smoothstep } from "./noise.ts"
import type { View } from "./view.ts"

const blend = (rgb: Float32Array, base: number, to: readonly [number, number, number], cover: number): void => {
  for (let channel = 0; channel < 3; channel++) {
    rgb[base + channel]! += cover * (to[channel]! - rgb[base + channel]!)
  }
}

const hairColour = [48, 34, 28] as const

export const drawHairs = (rgb: Float32Array, { width, height, hairs }: View): void => {
  const scale = Math.min(width, height) / 200
  const cover = new Float32Array(hairs.length === 0 ? 0 : width * height)
  for (const { points, width: thickness, darkness } of hairs) {
    const [x0, y0, x1, y1, x2, y2] = points
    const steps = Math.ceil(1.4 * Math.hypot((x2 - x0) * width, (y2 - y0) * height))
    for (let step = 0; step <= steps; step++) {
      const t = step / Math.max(1, steps)
      const x = width * ((1 - t) * (1 - t) * x0 + 2 * t * (1 - t) * x1 + t * t * x2)
      const y = height * ((1 - t) * (1 - t) * y0 + 2 * t * (1 - t) * y1 + t * t * y2)
      const radius = (scale * thickness * (1 - 0.6 * t)) / 2 + 0.4
      for (let row = Math.max(0, Math.floor(y - radius - 1)); row <= Math.min(height - 1, y + radius + 1); row++) {
        for (
          let column = Math.max(0, Math.floor(x - radius - 1));
          column <= Math.min(width - 1, x + radius + 1);
          column++
        ) {
          const away = Math.hypot(column + 0.5 - x, row + 0.5 - y)
          const here = darkness * (1 - smoothstep(radius - 0.5, radius + 0.5, away))
          const index = row * width + column
          if (here > cover[index]!) cover[index] = here
        }
      }
    }
  }
  for (let index = 0; index < cover.length; index++) {
    if (cover[index]! > 0) blend(rgb, index * 3, hairColour, cover[index]!)
  }
}

const shine = [250, 248, 244] as const

export const drawBubbles = (rgb: Float32Array, { width, height, bubbles }: View): void => {
  const short = Math.min(width, height)
  for (const [bx, by, size] of bubbles) {
    const x = width / 2 + bx * short
    const y = height / 2 + by * short
    const radius = size * short
    for (let row = Math.max(0, Math.floor(y - radius - 2)); row <= Math.min(height - 1, y + radius + 2); row++) {
      for (
        let column = Math.max(0, Math.floor(x - radius - 2));
        column <= Math.min(width - 1, x + radius + 2);
        column++
      ) {
        const away = Math.hypot(column + 0.5 - x, row + 0.5 - y)
        const rim = 1 - smoothstep(0.6, 1.6, Math.abs(away - radius))
        const glint = 1 - smoothstep(0.1, 0.4, Math.hypot(column - x + radius / 3, row - y + radius / 3) / radius)
        blend(rgb, (row * width + column) * 3, shine, Math.max(0.4 * rim, 0.7 * glint))
      }
    }
  }
}

const ink = [24, 24, 30] as const

/** Ticks every 1/24 of the width, every fifth longer. */
export const drawRuler = (rgb: Float32Array, { width, height, ruler }: View): void => {
  if (ruler === null) return
  for (let tick = 0; tick <= 24; tick++) {
    const x = (tick / 24) * (width - 2)
    const length = height * (tick % 5 === 0 ? 0.07 : 0.04)
    for (let step = 0; step < length; step++) {
      const row = ruler === "top" ? step : height - 1 - step
      const column = Math.round(x)
      blend(rgb, (row * width + column) * 3, ink, 0.85)
    }
  }
}
