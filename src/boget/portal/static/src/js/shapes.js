// The geometry that is edited: parts of one kind, read from GeoJSON and written back. No map is needed for it.

const DIGITS = 1e6
const EARTH_RADIUS_M = 6371008.8
export const LEAST = { polygon: 3, linestring: 2, point: 1 }
const TYPES = { polygon: 'Polygon', linestring: 'LineString', point: 'Point' }

const round = (number) => Math.round(number * DIGITS) / DIGITS
const roundAll = (positions) => positions.map(([x, y]) => [round(x), round(y)])

// {kind, parts: [{outer: [[longitude, latitude]…] without the closing vertex, holes: [ring…]}]}; throws on text that is no such geometry.
export function readShape(text, kind) {
  if (!text.trim()) return { kind, parts: [] }
  const found = JSON.parse(text)
  const geometry = found.type === 'Feature' ? found.geometry : found
  const plain = geometry.type.replace(/^Multi/, '')
  if (plain !== TYPES[kind]) throw new Error(`expected ${TYPES[kind]}`)
  const list = geometry.type.startsWith('Multi') ? geometry.coordinates : [geometry.coordinates]
  return { kind, parts: list.map((coordinates) => readPart(coordinates, kind)) }
}

function readPart(coordinates, kind) {
  if (kind === 'point') return { outer: roundAll([coordinates]), holes: [] }
  if (kind === 'linestring') return { outer: roundAll(coordinates), holes: [] }
  return { outer: openRing(coordinates[0]), holes: coordinates.slice(1).map(roundAll) }
}

export function openRing(ring) {
  const rounded = roundAll(ring)
  const [first, last] = [rounded[0], rounded.at(-1)]
  return rounded.length > 1 && first[0] === last[0] && first[1] === last[1] ? rounded.slice(0, -1) : rounded
}

export function partCoordinates({ outer, holes }, kind) {
  if (kind === 'point') return outer[0]
  return kind === 'linestring' ? outer : [[...outer, outer[0]], ...holes]
}

export function writeShape({ kind, parts }) {
  const whole = parts.filter((part) => part.outer.length >= LEAST[kind])
  if (!whole.length) return ''
  const coordinates = whole.map((part) => partCoordinates(part, kind))
  const geometry = whole.length === 1
    ? { type: TYPES[kind], coordinates: coordinates[0] }
    : { type: `Multi${TYPES[kind]}`, coordinates }
  return JSON.stringify(geometry)
}

export function isPosition([longitude, latitude]) {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90
}

// "50,345" and "50.345" are the same number; NaN for anything else
export function readDegrees(text) {
  const plain = text.trim().replace(',', '.').replace('−', '-')
  return /^[+-]?\d+(\.\d+)?$/.test(plain) ? round(Number(plain)) : NaN
}

// On a sphere, for orientation while drawing; the server computes the geodesic area that is stored.
export function areaKm2({ parts }) {
  const total = parts.reduce((sum, { outer, holes }) => sum + ringArea(outer) - holes.reduce((all, hole) => all + ringArea(openRing(hole)), 0), 0)
  return total / 1e6
}

const radians = (degrees) => (degrees * Math.PI) / 180

function ringArea(ring) {
  const sum = ring.reduce((total, [x, y], index) => {
    const [nextX, nextY] = ring[(index + 1) % ring.length]
    return total + radians(nextX - x) * (2 + Math.sin(radians(y)) + Math.sin(radians(nextY)))
  }, 0)
  return Math.abs((sum * EARTH_RADIUS_M ** 2) / 2)
}

export function lengthM({ parts }) {
  return parts.reduce((total, { outer }) => total + outer.slice(1).reduce((sum, position, index) => sum + distance(outer[index], position), 0), 0)
}

function distance([x1, y1], [x2, y2]) {
  const [a, b] = [radians(y1), radians(y2)]
  const half = Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(x2 - x1) / 2) ** 2
  return 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(half))
}

// All positions of the coordinates of any geometry.
export const listPositions = (part) => (typeof part[0] === 'number' ? [part] : part.flatMap(listPositions))
