// The map under the drawing: terra-draw edits outer rings, lines and points; holes are drawn but stay as they are.
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode } from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import { readTokens } from './theme.js'
import { createMap } from './map_view.js'
import { LEAST, listPositions, openRing } from './shapes.js'

const PRECISION = 6
const MODES = { polygon: TerraDrawPolygonMode, linestring: TerraDrawLineStringMode, point: TerraDrawPointMode }

export async function createBoard(state, tell) {
  const element = state.element.querySelector('[data-draw-map]')
  element.classList.add('is-live')
  const place = document.createElement('div')
  place.className = 'map-view'
  element.append(place)
  const map = await createMap(state.element, place, state.words)
  await map.once('load')
  addHoles(map)
  const around = await addSurroundings(map, state.element.dataset.source)
  const draw = new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: PRECISION }),
    modes: [makeMode(state.kind), makeSelect(state.kind)],
  })
  draw.start()
  draw.setMode('select')
  const board = { draw, map, kind: state.kind, ids: [], isQuiet: false }
  draw.on('finish', () => { if (!board.isQuiet) tell.change(readParts(board, state.shape)) })
  draw.on('select', (id) => { const index = board.ids.indexOf(id); if (index >= 0) tell.choose(index) })
  fitOnce(map, state.shape, around)
  return {
    show: (shape) => showShape(board, shape),
    setMode: (mode) => draw.setMode(mode),
    middle: () => { const { lng, lat } = map.getCenter(); return [roundDegrees(lng), roundDegrees(lat)] },
  }
}

const roundDegrees = (number) => Math.round(number * 1e6) / 1e6

function colours() {
  const token = readTokens()
  const [line, fillColour] = [token('bad'), token('focus')]
  return {
    polygon: { fillColor: fillColour, fillOpacity: 0.25, outlineColor: line, outlineWidth: 3 },
    linestring: { lineStringColor: line, lineStringWidth: 4 },
    point: { pointColor: fillColour, pointWidth: 8, pointOutlineColor: token('focus-ink'), pointOutlineWidth: 3 },
  }
}

function makeMode(kind) {
  return new MODES[kind]({ styles: colours()[kind] })
}

function makeSelect(kind) {
  const coordinates = kind === 'point' ? undefined : { midpoints: true, draggable: true, deletable: true }
  return new TerraDrawSelectMode({ flags: { [kind]: { feature: { draggable: kind === 'point', ...(coordinates ? { coordinates } : {}) } } } })
}

function featureOf(part, kind) {
  const { outer } = part
  const coordinates = kind === 'point' ? outer[0] : kind === 'linestring' ? outer : [[...outer, outer[0]]]
  const type = { polygon: 'Polygon', linestring: 'LineString', point: 'Point' }[kind]
  return { type: 'Feature', geometry: { type, coordinates }, properties: { mode: kind } }
}

// Replaces what is on the board, without telling about it: the board answers only to the reader's own drawing.
function showShape(board, shape) {
  const { draw, map, kind } = board
  showHoles(map, shape)
  const drawn = listDrawn(board)
  if (JSON.stringify(drawn.map(({ outer }) => outer)) === JSON.stringify(shape.parts.map(({ outer }) => outer))) {
    // it is the reader's own drawing: what is selected stays selected
    board.ids = drawn.map(({ id }) => id)
    return
  }
  board.isQuiet = true
  const mode = draw.getMode()
  draw.clear()
  const whole = shape.parts.map((part, index) => ({ part, index })).filter(({ part }) => part.outer.length >= LEAST[kind])
  const results = draw.addFeatures(whole.map(({ part }) => featureOf(part, kind)))
  board.ids = []
  whole.forEach(({ index }, at) => { if (results[at].valid !== false) board.ids[index] = results[at].id })
  if (draw.getMode() !== mode) draw.setMode(mode)
  board.isQuiet = false
}

function showHoles(map, shape) {
  const holes = shape.parts.flatMap((part) => part.holes).map((ring) => ({
    type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: [...openRing(ring), ring[0]] },
  }))
  map.getSource('holes')?.setData({ type: 'FeatureCollection', features: holes })
}

// Features on the board in the order of the parts, new ones last.
function listDrawn({ draw, ids, kind }) {
  const drawn = draw.getSnapshot().filter(({ properties }) => properties.mode === kind && !properties.midPoint && !properties.selectionPoint)
  const places = drawn.map(({ id, geometry }) => ({ id, at: ids.indexOf(id), outer: outerOf(geometry, kind) }))
  const known = places.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)
  return [...known, ...places.filter(({ at }) => at < 0)]
}

function readParts(board, shape) {
  const drawn = listDrawn(board)
  const added = drawn.filter(({ at }) => at < 0)
  if (board.kind === 'point' && added.length) return [{ outer: added.at(-1).outer, holes: [] }]
  return drawn.map(({ at, outer }) => ({ outer, holes: shape.parts[at]?.holes ?? [] }))
}

function outerOf({ coordinates }, kind) {
  if (kind === 'point') return [coordinates.map(roundDegrees)]
  return kind === 'linestring' ? coordinates.map((position) => position.map(roundDegrees)) : openRing(coordinates[0])
}

function addHoles(map) {
  map.addSource('holes', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } })
  map.addLayer({
    id: 'holes', type: 'line', source: 'holes', paint: { 'line-color': readTokens()('ink'), 'line-width': 2, 'line-dasharray': [2, 2] },
  })
}

// what lies around: other structures of the facility, drawn grey and not editable
async function addSurroundings(map, url) {
  if (!url) return []
  const answer = await fetch(url).catch(() => null)
  if (!answer?.ok) return []
  const around = await answer.json()
  map.addSource('around', { type: 'geojson', data: around })
  const token = readTokens()
  map.addLayer({ id: 'around-line', type: 'line', source: 'around', paint: { 'line-color': token('edge'), 'line-width': 2 } })
  map.addLayer({
    id: 'around-point', type: 'circle', source: 'around', filter: ['==', ['geometry-type'], 'Point'],
    paint: { 'circle-radius': 5, 'circle-color': token('paper'), 'circle-stroke-color': token('edge'), 'circle-stroke-width': 2 },
  })
  return around.features.flatMap((feature) => listPositions(feature.geometry?.coordinates ?? []))
}

// to what is drawn, else to what lies around
function fitOnce(map, shape, around) {
  const drawn = shape.parts.flatMap((part) => part.outer)
  const all = drawn.length ? drawn : around
  if (!all.length) return
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)]
  const box = [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]]
  map.fitBounds(box, { padding: 60, maxZoom: drawn.length && shape.kind !== 'point' ? 14 : 9, animate: false })
}
