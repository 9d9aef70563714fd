// Layers of the facilities: footprints, dam axes, precision circles, clusters, points, selection.
import { FONT, FONT_BOLD } from './map_style.js'
import { CLASSES, SHAPES } from './map_symbols.js'

const CIRCLE_STEPS = 48
const EARTH_RADIUS_M = 6371008.8
const PRECISE_M = 1000

const step = ['to-number', ['get', 'class'], 0]
const isFacility = ['all', ['!', ['has', 'point_count']], ['==', ['coalesce', ['get', 'kind'], 'facility'], 'facility']]

export function splitFeatures(collection) {
  const groups = { facility: [], footprint: [], dam: [] }
  for (const feature of collection.features ?? []) {
    const group = groups[feature.properties?.kind ?? 'facility']
    if (group && feature.geometry) group.push(feature)
  }
  return groups
}

export function addFacilitySources(map) {
  const empty = { type: 'FeatureCollection', features: [] }
  map.addSource('facilities', {
    type: 'geojson', data: empty, promoteId: 'id', cluster: true, clusterRadius: 26, clusterMaxZoom: 8,
    clusterProperties: {
      worst: ['max', step],
      unknown: ['+', ['case', ['==', step, 0], 1, 0]],
    },
  })
  for (const name of ['shapes', 'precision', 'chosen']) map.addSource(name, { type: 'geojson', data: empty })
}

export function addFacilityLayers(map, token) {
  const edge = token('ramp-edge')
  const layers = [
    { id: 'footprint-fill', type: 'fill', source: 'shapes', minzoom: 7, filter: ['==', ['get', 'kind'], 'footprint'],
      paint: { 'fill-pattern': 'hatch', 'fill-opacity': 0.5 } },
    { id: 'footprint-line', type: 'line', source: 'shapes', minzoom: 7, filter: ['==', ['get', 'kind'], 'footprint'],
      paint: { 'line-color': edge, 'line-width': 1.4 } },
    { id: 'dam-casing', type: 'line', source: 'shapes', minzoom: 7, filter: ['==', ['get', 'kind'], 'dam'],
      paint: { 'line-color': token('paper'), 'line-width': 6 } },
    { id: 'dam-line', type: 'line', source: 'shapes', minzoom: 7, filter: ['==', ['get', 'kind'], 'dam'],
      paint: { 'line-color': token('bad'), 'line-width': 3.5 } },
    { id: 'precision-line', type: 'line', source: 'precision', minzoom: 6,
      paint: { 'line-color': edge, 'line-width': 1, 'line-dasharray': [4, 3] } },
    ...clusterLayers(token),
    { id: 'chosen-ring', type: 'symbol', source: 'chosen',
      layout: { 'icon-image': 'selected', 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
    facilityLayer('facility-point', 'facilities', isFacility, token),
    facilityLayer('chosen-point', 'chosen', true, token),
  ]
  for (const layer of layers) map.addLayer(layer)
}

function facilityLayer(id, source, filter, token) {
  const isNamed = id === 'chosen-point'
  return {
    id, type: 'symbol', source, filter,
    layout: {
      'icon-image': ['concat', 'facility-', shapeOf, '-', ['case', ['==', step, 0], 'unknown', ['to-string', step]]],
      'icon-allow-overlap': true,
      'symbol-sort-key': step,
      ...(isNamed ? { 'text-field': ['get', 'id'], 'text-font': FONT_BOLD, 'text-size': 13, 'text-anchor': 'left', 'text-offset': [1.6, 0], 'text-optional': true } : {}),
    },
    paint: isNamed ? { 'text-color': token('ink'), 'text-halo-color': token('paper'), 'text-halo-width': 1.6 } : {},
  }
}

const shapeOf = ['match', ['coalesce', ['get', 'shape'], 'unknown'], SHAPES, ['get', 'shape'], 'unknown']

function clusterLayers(token) {
  const isCluster = ['has', 'point_count']
  const ring = ['match', ['get', 'worst'], ...CLASSES.flatMap((one) => [one, token(`hazard-${one}`)]), token('class-unknown')]
  return [
    { id: 'cluster-edge', type: 'circle', source: 'facilities', filter: isCluster,
      paint: { 'circle-radius': 17, 'circle-color': token('ramp-edge') } },
    { id: 'cluster-ring', type: 'circle', source: 'facilities', filter: isCluster,
      paint: { 'circle-radius': 16, 'circle-color': ring } },
    { id: 'cluster-body', type: 'circle', source: 'facilities', filter: isCluster,
      paint: { 'circle-radius': 11.5, 'circle-color': token('paper'), 'circle-stroke-width': 1, 'circle-stroke-color': token('ramp-edge') } },
    { id: 'cluster-count', type: 'symbol', source: 'facilities', filter: isCluster,
      layout: { 'text-field': ['to-string', ['get', 'point_count']], 'text-font': FONT_BOLD, 'text-size': 13, 'text-allow-overlap': true },
      paint: { 'text-color': token('ink') } },
    { id: 'cluster-unknown', type: 'symbol', source: 'facilities', filter: ['all', isCluster, ['>', ['get', 'unknown'], 0]],
      layout: {
        'text-field': ['concat', '? ', ['to-string', ['get', 'unknown']]], 'text-font': FONT, 'text-size': 12, 'text-anchor': 'left',
        'text-offset': [1.6, 0], 'text-allow-overlap': true,
      },
      paint: { 'text-color': token('ink'), 'text-halo-color': token('paper'), 'text-halo-width': 1.6 } },
  ]
}

// One symbol per family of statuses; the words stay the field's own.
const FAMILIES = {
  reprocessing: 'active', under_construction: 'planned', temporarily_closed: 'inactive', rehabilitated: 'closed', neglected: 'abandoned',
  orphaned: 'abandoned',
}

export function prepareFacilities(features) {
  return features.map((feature) => {
    const { status } = feature.properties
    return { ...feature, properties: { ...feature.properties, shape: FAMILIES[status] ?? status ?? 'unknown' } }
  })
}

export function drawPrecision(features) {
  return features
    .filter((feature) => feature.geometry.type === 'Point' && feature.properties.precision_m > PRECISE_M)
    .map((feature) => circleAround(feature.geometry.coordinates, feature.properties.precision_m))
}

function circleAround([longitude, latitude], radius) {
  const north = (radius / EARTH_RADIUS_M) * (180 / Math.PI)
  const east = north / Math.cos((latitude * Math.PI) / 180)
  const ring = Array.from({ length: CIRCLE_STEPS + 1 }, (_, index) => {
    const angle = (2 * Math.PI * index) / CIRCLE_STEPS
    return [longitude + east * Math.cos(angle), latitude + north * Math.sin(angle)]
  })
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: ring }, properties: {} }
}
