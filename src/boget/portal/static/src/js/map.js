// The map beside a table: the same facilities, a card on click, the row's feature highlighted, the list narrowed to the view.
import { addFacilityLayers, addFacilitySources, drawPrecision, prepareFacilities, splitFeatures } from './map_layers.js'
import { readTokens, watchTheme } from './theme.js'
import { addSymbols } from './map_symbols.js'
import { COUNTRY, createMap, hasWebGl, restyle } from './map_view.js'
import { listPositions } from './shapes.js'
import { fill, readWords } from './words.js'

// a lone point needs its surroundings, an outline is looked at closely
const POINT_ZOOM = 9
const SHAPE_ZOOM = 14

for (const element of document.querySelectorAll('[data-map]')) startMap(element)
document.addEventListener('htmx:afterSettle', (event) => {
  for (const element of event.detail.elt.querySelectorAll?.('[data-map]:not(.is-live)') ?? []) startMap(element)
})

async function startMap(element) {
  if (!hasWebGl()) return
  element.classList.add('is-live')
  const words = readWords(element)
  const place = document.createElement('div')
  place.className = 'map-view'
  element.append(place)
  const map = await createMap(element, place, words)
  const state = { map, element, words, facilities: [], groups: null, selected: element.dataset.selected ?? '' }
  map.on('style.load', () => showFacilities(state))
  map.on('error', (event) => { if (event.sourceId === 'base') showMessage(element, words.noBasemap) })
  watchTheme(() => restyle(map, element, words))
  wirePoints(state)
  wireRows(state)
  if ('inView' in element.dataset) wireInView(state)
  state.groups = await loadGroups(element, words)
  state.facilities = prepareFacilities(state.groups.facility)
  if (map.getSource('facilities')) fillSources(state)
  if (!element.dataset.bbox) fitTo(state)
  // a mark for whoever waits for the whole picture, such as the makers of screenshots
  map.once('idle', () => { element.dataset.drawn = '' })
}

async function loadGroups(element, words) {
  try {
    const answer = await fetch(element.dataset.source, { headers: { Accept: 'application/geo+json, application/json' } })
    if (!answer.ok) throw new Error(String(answer.status))
    return splitFeatures(await answer.json())
  } catch {
    showMessage(element, words.noSource)
    return splitFeatures({ features: [] })
  }
}

function showFacilities(state) {
  const token = readTokens()
  addSymbols(state.map, token)
  addFacilitySources(state.map)
  addFacilityLayers(state.map, token)
  if (state.groups) fillSources(state)
}

function fillSources(state) {
  const set = (name, features) => state.map.getSource(name).setData({ type: 'FeatureCollection', features })
  const points = state.facilities.filter((feature) => feature.geometry.type === 'Point')
  set('facilities', points)
  set('shapes', [...state.groups.footprint, ...state.groups.dam])
  set('precision', drawPrecision(points))
  set('chosen', points.filter((feature) => feature.properties.id === state.selected))
}

// A map of one facility or of a few close ones goes to them; a national set keeps the whole country in view.
function fitTo({ map, element, facilities, groups }) {
  const all = [...facilities, ...groups.footprint, ...groups.dam].flatMap((feature) => listPositions(feature.geometry.coordinates))
  if (!all.length) {
    map.fitBounds(COUNTRY, { padding: roomFor(element), animate: false })
    return
  }
  const [west, south, east, north] = all.reduce(
    ([w, s, e, n], [x, y]) => [Math.min(w, x), Math.min(s, y), Math.max(e, x), Math.max(n, y)], [180, 90, -180, -90])
  const maxZoom = groups.footprint.length + groups.dam.length ? SHAPE_ZOOM : POINT_ZOOM
  map.fitBounds([[west, south], [east, north]], { padding: roomFor(element), maxZoom, animate: false })
}

// nothing is fitted under the legend: it lies over the lower part of a high map, over the left of a wide one
function roomFor(element) {
  const legend = element.parentElement.querySelector(':scope > .legend')
  const isOver = legend && getComputedStyle(legend).position === 'absolute'
  const isHigh = element.clientHeight > element.clientWidth
  return {
    top: 48, right: 48, left: isOver && !isHigh ? legend.offsetWidth + 40 : 32, bottom: isOver && isHigh ? legend.offsetHeight + 48 : 48,
  }
}

function wirePoints(state) {
  const { map } = state
  map.on('click', async (event) => {
    const hit = map.queryRenderedFeatures(grow(event.point), { layers: listLayers(map, ['chosen-point', 'facility-point', 'cluster-body']) })[0]
    if (!hit) select(state, '')
    else if (hit.properties.point_count) openCluster(state, hit)
    else select(state, hit.properties.id)
  })
  map.on('mousemove', (event) => {
    const isOver = map.queryRenderedFeatures(event.point, { layers: listLayers(map, ['facility-point', 'cluster-body']) }).length
    map.getCanvas().style.cursor = isOver ? 'pointer' : ''
  })
}

// a touch is rarely on the pixel: the target is 24 pixels wide
const grow = ({ x, y }) => [[x - 12, y - 12], [x + 12, y + 12]]
const listLayers = (map, names) => names.filter((name) => map.getLayer(name))

async function openCluster({ map }, cluster) {
  const zoom = await map.getSource('facilities').getClusterExpansionZoom(cluster.properties.cluster_id)
  map.easeTo({ center: cluster.geometry.coordinates, zoom })
}

function select(state, id, { withCard = true } = {}) {
  state.selected = id
  if (state.groups && state.map.getSource('chosen')) fillSources(state)
  const feature = state.facilities.find((one) => one.properties.id === id)
  state.element.querySelector('.map-card')?.remove()
  if (feature && withCard) state.element.append(makeCard(state, feature.properties))
  markRow(state, id)
}

function makeCard({ words }, { id, name, url, summary, class: step, precision_m: precision, status_label: status }) {
  const card = document.createElement('div')
  card.className = 'map-card'
  card.setAttribute('role', 'status')
  addText(card, 'strong', [id, name].filter(Boolean).join(' '))
  addText(card, 'span', [status, summary, step ? fill(words.class, { step }) : words.unknown].filter(Boolean).join(' · '))
  if (precision > 1000) addText(card, 'p', fill(words.precise, { distance: `${Math.round(precision / 1000)} ${words.km}` }), 'map-precision')
  if (url && isOwn(url)) {
    const link = addText(card, 'a', words.open)
    link.href = url
  }
  return card
}

// only addresses of this site: a value from a file must not become a script address
function isOwn(url) {
  const target = new URL(url, location.href)
  return target.origin === location.origin && /^https?:$/.test(target.protocol)
}

function addText(parent, tag, text, css = '') {
  const node = document.createElement(tag)
  node.textContent = text
  if (css) node.className = css
  parent.append(node, ' ')
  return node
}

function rowOf(target) {
  return target instanceof Element ? target.closest('[data-facility]') : null
}

function wireRows(state) {
  for (const kind of ['focusin', 'mouseover']) {
    document.addEventListener(kind, (event) => {
      const row = rowOf(event.target)
      if (row && row.dataset.facility !== state.selected) select(state, row.dataset.facility, { withCard: false })
    })
  }
}

function markRow(state, id) {
  for (const row of document.querySelectorAll('[data-facility]')) {
    row.classList.toggle('is-selected', row.dataset.facility === id)
  }
}

// "Only in this view": the box goes into the address, so list, map, count and export show the same set.
function wireInView({ map, element, words }) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'map-in-view button button-small'
  button.textContent = words.inView
  button.hidden = true
  element.append(button)
  map.on('moveend', (event) => { if (event.originalEvent) button.hidden = false })
  button.addEventListener('click', () => {
    const box = map.getBounds().toArray().flat().map((number) => number.toFixed(3))
    const address = new URL(location.href)
    address.searchParams.set('bbox', box.join(','))
    for (const name of ['page', 'after']) address.searchParams.delete(name)
    location.assign(address)
  })
}

function showMessage(element, text) {
  if (!text || element.querySelector('.map-message')) return
  const note = document.createElement('p')
  note.className = 'map-message'
  note.setAttribute('role', 'status')
  note.textContent = text
  element.append(note)
}
