// Makes a MapLibre map in an element: worker and tiles from our own host, keyboard, theme, attribution.
import { AttributionControl, Map as MapView, NavigationControl, ScaleControl, addProtocol, setWorkerUrl } from 'maplibre-gl'
import { Protocol } from 'pmtiles'
import { buildStyle } from './map_style.js'

export const COUNTRY = [[46.0, 40.2], [87.6, 55.8]]
const OUTER = [[15, 10], [125, 76]]

let isProtocolAdded = false

export function hasWebGl() {
  try {
    const context = document.createElement('canvas').getContext('webgl2')
    context?.getExtension('WEBGL_lose_context')?.loseContext()
    return Boolean(context)
  } catch {
    return false
  }
}

export async function createMap(element, place, words) {
  const { basemap, worker, language, bbox } = element.dataset
  if (worker) setWorkerUrl(new URL(worker, location.href).href)
  if (!isProtocolAdded) addProtocol('pmtiles', new Protocol().tile)
  isProtocolAdded = true
  await loadFonts()
  const options = { basemap: basemap ? new URL(basemap, location.href).href : '', language, attribution: words.attribution }
  const map = new MapView({
    container: place,
    style: buildStyle(options),
    bounds: readBox(bbox) ?? COUNTRY,
    fitBoundsOptions: { padding: 12 },
    maxBounds: OUTER,
    maxZoom: 16,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
    locale: nameControls(element, words),
  })
  map.keyboard.disableRotation?.()
  map.touchZoomRotate.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
  map.addControl(new AttributionControl({ compact: false }), 'bottom-right')
  map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left')
  wireKeyboard(map, place, words)
  // the page is laid out anew on paper: the drawing follows before it is taken
  for (const moment of ['beforeprint', 'afterprint']) window.addEventListener(moment, () => map.resize().redraw())
  return map
}

// Every word that the library itself puts on a control we show.
function nameControls(element, words) {
  return {
    'Map.Title': [element.dataset.title, words.canvas].filter(Boolean).join('. '),
    'NavigationControl.ZoomIn': words.zoomIn,
    'NavigationControl.ZoomOut': words.zoomOut,
    'AttributionControl.ToggleAttribution': words.toggleAttribution,
    'ScaleControl.Meters': words.m,
    'ScaleControl.Kilometers': words.km,
  }
}

// Letters are drawn by the browser itself, so the face must be there before the first label, Kazakh letters included.
async function loadFonts() {
  const sample = 'Қaә'
  await Promise.all([document.fonts.load('400 16px "Noto Sans"', sample), document.fonts.load('600 16px "Noto Sans"', sample)]).catch(() => [])
}

function readBox(text) {
  const numbers = (text ?? '').split(',').map(Number)
  if (numbers.length !== 4 || numbers.some((number) => !Number.isFinite(number))) return null
  return [[numbers[0], numbers[1]], [numbers[2], numbers[3]]]
}

// The canvas is one tab stop; the controls are reached by + and − on it. Escape goes on to what follows the map.
function wireKeyboard(map, place, words) {
  const canvas = map.getCanvas()
  canvas.setAttribute('aria-roledescription', words.map)
  for (const button of place.querySelectorAll('.maplibregl-ctrl button')) button.tabIndex = -1
  canvas.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const next = nextFocusable(place)
    if (next) next.focus()
    else canvas.blur()
  })
}

function nextFocusable(place) {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  return all.find((node) => !place.contains(node) && node.getClientRects().length &&
    place.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)
}

export function restyle(map, element, words) {
  const { basemap, language } = element.dataset
  const options = { basemap: basemap ? new URL(basemap, location.href).href : '', language, attribution: words.attribution }
  map.setStyle(buildStyle(options), { diff: false })
}
