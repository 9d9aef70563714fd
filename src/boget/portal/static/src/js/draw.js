// Drawing a footprint, a dam axis or a point. The text area holds the truth; the table and the map are two ways to change it.
import { readWords, fill } from './words.js'
import { LEAST, areaKm2, lengthM, readShape, writeShape } from './shapes.js'
import { drawVertexTable } from './vertex_table.js'

const MOST_UNDO = 100

for (const element of document.querySelectorAll('[data-draw]')) startDrawing(element)

async function startDrawing(element) {
  const state = {
    element,
    words: readWords(element),
    kind: element.dataset.type,
    text: element.querySelector('[data-draw-text]'),
    table: element.querySelector('[data-draw-vertices]'),
    message: element.querySelector('[data-draw-message]'),
    shape: { kind: element.dataset.type, parts: [] },
    active: 0,
    past: [],
    board: null,
  }
  state.words.comma = element.dataset.language === 'en' ? '.' : ','
  readText(state)
  state.text.addEventListener('change', () => { if (readText(state)) show(state) })
  addTools(state)
  show(state)
  state.board = await openBoard(state)
  show(state)
}

// The map and the drawing library come only where they can work.
async function openBoard(state) {
  const { hasWebGl } = await import('./map_view.js')
  if (!hasWebGl()) return null
  const { createBoard } = await import('./draw_board.js')
  return createBoard(state, {
    change: (parts) => commit(state, { kind: state.kind, parts }),
    choose: (index) => { state.active = index; showTable(state) },
  })
}

function readText(state) {
  try {
    state.shape = readShape(state.text.value, state.kind)
    state.text.removeAttribute('aria-invalid')
    state.active = 0
    return true
  } catch (error) {
    state.text.setAttribute('aria-invalid', 'true')
    say(state, String(error.message))
    return false
  }
}

function commit(state, shape) {
  state.past.push({ shape: state.shape, active: state.active })
  if (state.past.length > MOST_UNDO) state.past.shift()
  state.shape = shape
  state.active = Math.min(state.active, Math.max(shape.parts.length - 1, 0))
  show(state)
}

function undo(state) {
  const before = state.past.pop()
  if (!before) return
  state.shape = before.shape
  state.active = before.active
  show(state)
}

function show(state) {
  const written = writeShape(state.shape)
  if (state.text.value !== written && !state.text.hasAttribute('aria-invalid')) {
    state.text.value = written
    state.text.dispatchEvent(new Event('input', { bubbles: true }))
  }
  showTable(state)
  state.board?.show(state.shape)
  describe(state)
}

function describe(state) {
  const { shape, words, kind } = state
  const count = shape.parts.reduce((total, part) => total + part.outer.length, 0)
  const holes = shape.parts.reduce((total, part) => total + part.holes.length, 0)
  const isShort = shape.parts.some((part) => part.outer.length < LEAST[kind])
  const number = (value, digits) => value.toLocaleString(state.element.dataset.language, { maximumFractionDigits: digits })
  say(state, [
    isShort ? fill(words.few, { count, least: LEAST[kind] }) : fill(words.changed, { count }),
    kind === 'polygon' && count ? fill(words.area, { area: number(areaKm2(shape), 3) }) : '',
    kind === 'linestring' && count ? fill(words.length, { length: number(lengthM(shape), 0) }) : '',
    holes ? fill(words.holes, { count: holes }) : '',
  ].filter(Boolean).join(' '))
}

function say(state, text) {
  state.message.textContent = text
}

function showTable(state) {
  const { shape, active, words } = state
  drawVertexTable(state.table, { shape, active, words }, {
    addVertex: () => commit(state, withPart(state, (outer) => [...outer, nextVertex(state, outer)])),
    addPart: () => { commit(state, { ...shape, parts: [...shape.parts, { outer: [], holes: [] }] }); state.active = shape.parts.length; showTable(state) },
    choosePart: (index) => { state.active = index; showTable(state) },
    removeVertex: (index) => commit(state, withPart(state, (outer) => outer.filter((_, at) => at !== index))),
    moveVertex: (index, position) => commit(state, withPart(state, (outer) => outer.map((old, at) => (at === index ? position : old)))),
    refuse: (index) => say(state, fill(words.wrong, { number: index + 1 })),
  })
}

function withPart({ shape, active }, change) {
  const parts = shape.parts.length ? shape.parts : [{ outer: [], holes: [] }]
  return {
    ...shape,
    parts: parts.map((part, index) => (index === active ? { ...part, outer: change(part.outer) } : part)).filter((part) => part.outer.length),
  }
}

// A new vertex starts beside the last one, or in the middle of the view.
function nextVertex(state, outer) {
  if (outer.length > 1) return outer[0].map((number, axis) => (number + outer.at(-1)[axis]) / 2).map((number) => Math.round(number * 1e6) / 1e6)
  if (outer.length) return outer[0].map((number) => Math.round((number + 0.001) * 1e6) / 1e6)
  return state.board?.middle() ?? [67, 48]
}

function addTools(state) {
  const tools = state.element.querySelector('[data-draw-tools]')
  const modes = [state.kind, 'select'].map((mode) => tool(state.words[mode], () => chooseMode(state, mode), mode))
  const others = [tool(state.words.undo, () => undo(state)), tool(state.words.remove, () => commit(state, { ...state.shape, parts: [] }))]
  tools.replaceChildren(...modes, ...others)
}

function tool(text, onClick, mode) {
  const node = document.createElement('button')
  node.type = 'button'
  node.textContent = text
  if (mode) {
    node.dataset.mode = mode
    node.setAttribute('aria-pressed', String(mode === 'select'))
  }
  node.addEventListener('click', onClick)
  return node
}

function chooseMode(state, mode) {
  state.board?.setMode(mode)
  for (const node of state.element.querySelectorAll('[data-mode]')) node.setAttribute('aria-pressed', String(node.dataset.mode === mode))
}
