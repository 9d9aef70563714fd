// The map of a river forecast: the way of the water by class of arrival, its targets, and the moment that the slider shows.
import { FONT, FONT_BOLD } from './map_style.js'
import { createMap, hasWebGl, restyle } from './map_view.js'
import { wireSlider } from './river_slider.js'
import { listPositions } from './shapes.js'
import { readTokens, watchTheme } from './theme.js'
import { readWords } from './words.js'

const CLASSES = [1, 2, 3, 4, 5, 6]
const EMPTY = { type: 'FeatureCollection', features: [] }
const isLine = ['in', ['get', 'kind'], ['literal', ['stretch', 'reservoir', 'way']]]
const isReservoir = ['==', ['get', 'kind'], 'reservoir']

for (const element of document.querySelectorAll('[data-river-map]')) startMap(element)
document.addEventListener('htmx:afterSettle', (event) => {
  for (const element of event.detail.elt.querySelectorAll?.('[data-river-map]:not(.is-live)') ?? []) startMap(element)
})

async function startMap(element) {
  const state = { element, words: readWords(element), data: EMPTY, at: Infinity, map: null, selected: element.dataset.selected ?? '' }
  wireSlider(element, (seconds) => {
    state.at = seconds
    showMoment(state)
  })
  if (!hasWebGl()) return
  element.classList.add('is-live')
  const place = document.createElement('div')
  place.className = 'map-view'
  element.append(place)
  const map = await createMap(element, place, state.words)
  state.map = map
  map.on('style.load', () => addLayers(state))
  watchTheme(() => restyle(map, element, state.words))
  state.data = await loadFeatures(element, state.words)
  if (map.getSource('river')) map.getSource('river').setData(state.data)
  fitTo(state)
  wireTargets(state)
  wirePick(state)
  map.once('idle', () => { element.dataset.drawn = '' })
}

async function loadFeatures(element, words) {
  // a small map carries its features in the page
  const block = document.getElementById(element.dataset.features ?? '')
  if (block) return JSON.parse(block.textContent)
  try {
    const answer = await fetch(element.dataset.source, { headers: { Accept: 'application/geo+json, application/json' } })
    if (!answer.ok) throw new Error(String(answer.status))
    return await answer.json()
  } catch {
    const note = document.createElement('p')
    note.className = 'map-message'
    note.setAttribute('role', 'status')
    note.textContent = words.noSource
    element.append(note)
    return EMPTY
  }
}

function addLayers(state) {
  const { map } = state
  const token = readTokens()
  const edge = token('ramp-edge')
  const colour = ['match', ['coalesce', ['get', 'class'], 0], ...CLASSES.flatMap((one) => [one, token(`arrival-${one}`)]), token('class-unknown')]
  const round = { 'line-cap': 'round', 'line-join': 'round' }
  map.addSource('river', { type: 'geojson', data: state.data })
  const layers = [
    { id: 'way-ahead', type: 'line', filter: isLine, layout: round, paint: { 'line-color': token('edge'), 'line-width': 2.4 } },
    { id: 'way-early', type: 'line', filter: isLine, paint: { 'line-color': edge, 'line-width': 4.5, 'line-dasharray': [1, 1] } },
    { id: 'way-casing', type: 'line', filter: isLine, layout: round, paint: { 'line-color': edge, 'line-width': 7 } },
    { id: 'way', type: 'line', filter: isLine, layout: round, paint: { 'line-color': colour, 'line-width': 5.5 } },
    { id: 'way-reservoir', type: 'line', filter: isReservoir, paint: { 'line-color': token('paper'), 'line-width': 2, 'line-dasharray': [1.5, 1.5] } },
    { id: 'chosen', type: 'circle', filter: isTarget(state.selected),
      paint: { 'circle-radius': 12, 'circle-color': token('focus'), 'circle-stroke-width': 1.5, 'circle-stroke-color': token('focus-ink') } },
    { id: 'target', type: 'circle', filter: ['==', ['get', 'kind'], 'target'],
      paint: { 'circle-radius': 6.5, 'circle-color': colour, 'circle-stroke-width': 1.4, 'circle-stroke-color': edge } },
    { id: 'release', type: 'circle', filter: ['==', ['get', 'kind'], 'release'],
      paint: { 'circle-radius': 5, 'circle-color': token('bad'), 'circle-stroke-width': 2, 'circle-stroke-color': token('paper') } },
    { id: 'name', type: 'symbol', filter: ['in', ['get', 'kind'], ['literal', ['target', 'release']]],
      layout: {
        'text-field': ['get', 'label'], 'text-font': ['case', ['==', ['get', 'risk'], true], ['literal', FONT_BOLD], ['literal', FONT]], 'text-size': 13,
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'], 'text-radial-offset': 0.9, 'text-justify': 'auto', 'text-max-width': 12, 'text-allow-overlap': false,
        'symbol-sort-key': ['case', ['==', ['get', 'id'], state.selected], 0, ['==', ['get', 'kind'], 'release'], 0.5, ['coalesce', ['get', 'rank'], 9]],
      },
      paint: { 'text-color': token('ink'), 'text-halo-color': token('paper'), 'text-halo-width': 1.8 } },
  ]
  for (const layer of layers) map.addLayer({ source: 'river', ...layer })
  showMoment(state)
}

const isTarget = (code) => ['all', ['==', ['get', 'kind'], 'target'], ['==', ['get', 'id'], code]]

// Reached in half of the runs: full colour. Reached in the fastest runs: dashed. Else the plain line of the river.
function showMoment({ map, at }) {
  if (!map?.getLayer('way')) return
  const until = Math.min(at, 1e12)
  const median = ['coalesce', ['get', 'median'], 1e13]
  const isReached = ['<=', median, until]
  const isEarly = ['all', ['>', median, until], ['<=', ['coalesce', ['get', 'early'], 1e13], until]]
  for (const id of ['way', 'way-casing']) map.setFilter(id, ['all', isLine, isReached])
  map.setFilter('way-early', ['all', isLine, isEarly])
  map.setPaintProperty('target', 'circle-opacity', ['case', isReached, 1, 0.35])
}

function fitTo({ map, data }) {
  const all = data.features.flatMap((feature) => listPositions(feature.geometry.coordinates))
  if (!all.length) return
  const [west, south, east, north] = all.reduce(
    ([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)], [180, 90, -180, -90])
  map.fitBounds([[west, south], [east, north]], { padding: { top: 36, right: Math.min(110, map.getContainer().clientWidth / 5), bottom: 44, left: 40 }, maxZoom: 11, animate: false })
}

// A target on the map is the same link as its row.
function wireTargets(state) {
  const { map } = state
  const find = (point) => {
    const box = [[point.x - 12, point.y - 12], [point.x + 12, point.y + 12]]
    return map.getLayer('target') ? map.queryRenderedFeatures(box, { layers: ['target'] })[0]?.properties.id : undefined
  }
  map.on('click', (event) => {
    const code = find(event.point)
    if (code) linkOf(code)?.click()
  })
  map.on('mousemove', (event) => { map.getCanvas().style.cursor = find(event.point) ? 'pointer' : '' })
  const choose = (code) => {
    state.selected = code
    if (map.getLayer('chosen')) map.setFilter('chosen', isTarget(code))
  }
  for (const kind of ['focusin', 'mouseover']) {
    document.addEventListener(kind, (event) => {
      const row = event.target instanceof Element ? event.target.closest('[data-target]') : null
      if (row && row.dataset.target !== state.selected) choose(row.dataset.target)
    })
  }
  document.addEventListener('htmx:afterSettle', () => {
    const row = document.querySelector('[data-target].is-selected')
    if (!row) return
    choose(row.dataset.target)
    row.scrollIntoView({ block: 'nearest' })
  })
}

// A click fills the typed coordinates, which stay the way without a mouse.
function wirePick({ element, map }) {
  const form = document.getElementById(element.dataset.pick ?? '')
  if (!form) return
  element.classList.add('is-picking')
  map.on('click', ({ lngLat }) => {
    const choice = form.querySelector('[name="place"][value="point"]')
    if (!choice) return
    choice.checked = true
    form.elements.latitude.value = lngLat.lat.toFixed(4)
    form.elements.longitude.value = lngLat.lng.toFixed(4)
    form.elements.longitude.dispatchEvent(new Event('change', { bubbles: true }))
  })
}

const linkOf = (code) => document.querySelector(`[data-target="${CSS.escape(code)}"] a`)
