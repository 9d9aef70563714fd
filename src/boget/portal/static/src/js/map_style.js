// The style of the base map, built from the CSS tokens of the page, so that light and dark follow the reader's theme.
// No glyph server: letters are drawn by the browser in the page's own face.
import { readTokens } from './theme.js'

export const FONT = ['Noto Sans']
// the first name says the weight, the second is the family that is there
export const FONT_BOLD = ['Noto Sans SemiBold', 'Noto Sans']

const ORDER = { ru: ['ru', 'kk', 'en'], kk: ['kk', 'ru', 'en'], en: ['en', 'ru', 'kk'] }

// The reader's language first, then what there is.
const nameIn = (language) => ['coalesce', ...(ORDER[language] ?? ORDER.ru).map((code) => ['get', `name_${code}`]), '']

export function buildStyle({ basemap, language, attribution }) {
  const token = readTokens()
  return {
    version: 8,
    name: 'Boget',
    sources: basemap ? { base: { type: 'vector', url: `pmtiles://${basemap}`, attribution } } : {},
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': token('land') } },
      ...(basemap ? [...surfaceLayers(token), ...lineLayers(token), ...labelLayers(token, nameIn(language))] : []),
    ],
  }
}

const layer = (id, type, rest) => ({ id, type, source: 'base', 'source-layer': id.split('.')[0], ...rest })
const rank = ['get', 'rank']

function surfaceLayers(token) {
  return [
    layer('countries.home', 'fill', { filter: ['==', ['get', 'iso'], 'KZ'], paint: { 'fill-color': token('paper') } }),
    layer('lakes.water', 'fill', { paint: { 'fill-color': token('water'), 'fill-outline-color': token('waterline') } }),
  ]
}

function lineLayers(token) {
  const round = { 'line-cap': 'round', 'line-join': 'round' }
  return [
    layer('rivers.line', 'line', {
      layout: round,
      paint: {
        'line-color': token('waterline'),
        'line-width': ['interpolate', ['linear'], ['zoom'],
          3, ['match', rank, 1, 1, 2, 0.7, 0.4],
          7, ['match', rank, 1, 2.4, 2, 1.8, 3, 1.2, 0.8],
          11, ['match', rank, 1, 5, 2, 3.6, 3, 2.4, 1.4]],
      },
    }),
    layer('adm1.line', 'line', { layout: round, paint: { 'line-color': token('edge'), 'line-width': 0.8, 'line-opacity': 0.55 } }),
    layer('border.other', 'line', {
      filter: ['==', ['get', 'kind'], 'other'], layout: round, paint: { 'line-color': token('border'), 'line-width': 0.8, 'line-opacity': 0.6 },
    }),
    layer('border.state', 'line', {
      filter: ['==', ['get', 'kind'], 'state'], layout: round,
      paint: { 'line-color': token('border'), 'line-width': ['interpolate', ['linear'], ['zoom'], 4, 1.6, 9, 3] },
    }),
  ]
}

function labelLayers(token, name) {
  const halo = { 'text-halo-color': token('paper'), 'text-halo-width': 1.4 }
  const text = (size, rest = {}) => ({ 'text-field': name, 'text-font': FONT, 'text-size': size, 'text-max-width': 9, ...rest })
  return [
    layer('border.neighbour', 'symbol', {
      filter: ['==', ['get', 'kind'], 'state'], minzoom: 5,
      layout: { ...text(12), 'symbol-placement': 'line', 'symbol-spacing': 260, 'text-field': ['get', 'neighbour'], 'text-offset': [0, -0.9] },
      paint: { ...halo, 'text-color': token('border') },
    }),
    layer('rivers.name', 'symbol', {
      minzoom: 5,
      layout: { ...text(12), 'symbol-placement': 'line', 'symbol-spacing': 320, 'symbol-sort-key': rank },
      paint: { ...halo, 'text-color': token('accent') },
    }),
    layer('lakes.name', 'symbol', { minzoom: 5, layout: text(12, { 'symbol-sort-key': rank }), paint: { ...halo, 'text-color': token('accent') } }),
    layer('places.name', 'symbol', {
      layout: text(['match', rank, 1, 14, 2, 13, 12], {
        'text-font': ['match', rank, [1, 2], ['literal', FONT_BOLD], ['literal', FONT]],
        'symbol-sort-key': rank, 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.5,
      }),
      paint: { ...halo, 'text-color': token('ink') },
    }),
    layer('adm1_label.name', 'symbol', {
      minzoom: 4, maxzoom: 8, filter: ['==', ['get', 'kind'], 'region'], layout: text(12), paint: { ...halo, 'text-color': token('ink-2') },
    }),
    layer('country_label.name', 'symbol', {
      maxzoom: 7, filter: ['!=', ['get', 'iso'], 'KZ'], layout: text(13, { 'text-letter-spacing': 0.06 }), paint: { ...halo, 'text-color': token('ink-2') },
    }),
  ]
}
