// The vertices of one part as a table with coordinate entry: the way of drawing that needs neither map nor mouse.
import { fill } from './words.js'
import { isPosition, readDegrees } from './shapes.js'

export function drawVertexTable(place, { shape, active, words }, act) {
  const focus = rememberFocus(place)
  place.replaceChildren(
    ...(shape.parts.length > 1 ? [partButtons({ shape, active, words }, act)] : []),
    table(shape.parts[active]?.outer ?? [], words, act),
    ...(shape.kind === 'point' && shape.parts.length ? [] : [button(words.add, () => act.addVertex())]),
    ...(shape.kind === 'point' || !shape.parts.length ? [] : [' ', button(words.addPart, () => act.addPart())]),
  )
  if (focus) place.querySelector(`[data-cell="${focus}"]`)?.focus()
}

const rememberFocus = (place) => (place.contains(document.activeElement) ? document.activeElement.dataset.cell : '')

function button(text, onClick, options = {}) {
  const node = document.createElement('button')
  node.type = 'button'
  node.className = 'button button-small'
  node.textContent = text
  if (options.label) node.setAttribute('aria-label', options.label)
  if ('isPressed' in options) node.setAttribute('aria-pressed', String(options.isPressed))
  node.addEventListener('click', onClick)
  return node
}

function partButtons({ shape, active, words }, act) {
  const row = document.createElement('div')
  row.className = 'draw-tools'
  row.append(...shape.parts.map((_, index) =>
    button(fill(words.part, { number: index + 1 }), () => act.choosePart(index), { isPressed: index === active })))
  return row
}

function table(positions, words, act) {
  const node = document.createElement('table')
  node.append(head(words), body(positions, words, act))
  return node
}

function head(words) {
  const part = document.createElement('thead')
  const row = part.insertRow()
  for (const text of [words.vertex, words.latitude, words.longitude]) {
    const cell = document.createElement('th')
    cell.scope = 'col'
    cell.textContent = text
    row.append(cell)
  }
  return part
}

function body(positions, words, act) {
  const part = document.createElement('tbody')
  positions.forEach((position, index) => {
    const row = part.insertRow()
    row.insertCell().textContent = String(index + 1)
    for (const axis of [1, 0]) row.insertCell().append(entry({ position, index, axis, words }, act))
    const label = fill(words.removeVertex, { number: index + 1 })
    row.insertCell().append(button('×', () => act.removeVertex(index), { label }))
  })
  return part
}

function entry({ position, index, axis, words }, act) {
  const input = document.createElement('input')
  input.type = 'text'
  input.inputMode = 'decimal'
  input.value = String(position[axis]).replace('.', words.comma ?? '.')
  input.dataset.cell = `${index}-${axis}`
  input.setAttribute('aria-label', `${words.vertex} ${index + 1}, ${axis ? words.latitude : words.longitude}`)
  input.addEventListener('change', () => {
    const moved = [...position]
    moved[axis] = readDegrees(input.value)
    const isGood = moved.every(Number.isFinite) && isPosition(moved)
    input.setAttribute('aria-invalid', String(!isGood))
    // the table is drawn anew: only after the focus has moved on, so that it can be put back
    if (isGood) setTimeout(() => act.moveVertex(index, moved))
    else act.refuse(index)
  })
  return input
}
