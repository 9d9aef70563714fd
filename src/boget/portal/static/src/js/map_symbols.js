// Facility symbols: shape by status, fill by class, drawn once per pair on a canvas. Unknown class: hollow and dashed.

const SIZE = 22
const RATIO = 2
export const SHAPES = ['active', 'inactive', 'closed', 'abandoned', 'planned', 'unknown']
export const CLASSES = [1, 2, 3, 4, 5]

const PATHS = {
  active: (c) => c.arc(11, 11, 6.5, 0, 2 * Math.PI),
  inactive: (c) => c.arc(11, 11, 6.5, 0, 2 * Math.PI),
  closed: (c) => c.rect(5, 5, 12, 12),
  abandoned: (c) => polygon(c, [[11, 3.5], [18, 17], [4, 17]]),
  planned: (c) => polygon(c, [[11, 3], [19, 11], [11, 19], [3, 11]]),
  unknown: (c) => polygon(c, [[11, 3], [19, 11], [11, 19], [3, 11]]),
}

function polygon(c, points) {
  points.forEach(([x, y], index) => (index ? c.lineTo(x, y) : c.moveTo(x, y)))
  c.closePath()
}

export const imageName = (shape, step) => `facility-${shape}-${step ?? 'unknown'}`

export function addSymbols(map, token) {
  for (const shape of SHAPES) {
    for (const step of [...CLASSES, null]) {
      const name = imageName(shape, step)
      const image = drawSymbol(shape, step, token)
      if (map.hasImage(name)) map.updateImage(name, image)
      else map.addImage(name, image, { pixelRatio: RATIO })
    }
  }
  for (const [name, image] of [['selected', drawSelection(token)], ['hatch', drawHatch(token)]]) {
    if (map.hasImage(name)) map.updateImage(name, image)
    else map.addImage(name, image, { pixelRatio: RATIO })
  }
}

function canvas(size) {
  const element = document.createElement('canvas')
  element.width = element.height = size * RATIO
  const context = element.getContext('2d')
  context.scale(RATIO, RATIO)
  return context
}

const finish = (context) => context.getImageData(0, 0, context.canvas.width, context.canvas.height)

function drawSymbol(shape, step, token) {
  const c = canvas(SIZE)
  c.beginPath()
  PATHS[shape](c)
  c.fillStyle = step === null ? token('paper') : token(`hazard-${step}`)
  c.fill()
  c.lineWidth = 1.4
  c.strokeStyle = token('ramp-edge')
  // planned is a dashed shape, and so is a class that is not known
  c.setLineDash(step === null || shape === 'planned' ? [2.4, 2] : [])
  c.stroke()
  if (shape === 'inactive') halve(c)
  return finish(c)
}

function halve(c) {
  c.setLineDash([])
  c.beginPath()
  c.moveTo(11, 4.5)
  c.lineTo(11, 17.5)
  c.stroke()
}

function drawSelection(token) {
  const c = canvas(40)
  for (const [radius, width, colour] of [[15, 6.5, token('focus-ink')], [15, 4, token('focus')]]) {
    c.beginPath()
    c.arc(20, 20, radius, 0, 2 * Math.PI)
    c.lineWidth = width
    c.strokeStyle = colour
    c.stroke()
  }
  return finish(c)
}

function drawHatch(token) {
  const c = canvas(8)
  c.strokeStyle = token('ramp-edge')
  c.lineWidth = 1
  c.beginPath()
  for (const shift of [-8, 0, 8]) {
    c.moveTo(shift, 8)
    c.lineTo(shift + 8, 0)
  }
  c.stroke()
  return finish(c)
}
