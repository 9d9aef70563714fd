// The time under the map: a range with buttons, the moment in words, what is reached by then, and the step in the address.
import { fill, readWords } from './words.js'

const STEP_MS = 700
const PAGE = 4

export function wireSlider(element, show) {
  const form = document.querySelector(`[data-river-slider="${element.id}"]`)
  if (!form) return
  const words = readWords(form)
  const parts = {
    form, words, show, range: form.querySelector('input[type="range"]'), moment: form.querySelector('[data-moment]'),
    reached: document.querySelector(`[data-reached-of="${element.id}"]`), play: form.querySelector('[data-play]'), timer: 0,
  }
  form.querySelector('[data-with-script]').hidden = false
  parts.play.hidden = false
  parts.range.addEventListener('input', () => { update(parts) })
  parts.range.addEventListener('keydown', (event) => {
    const by = { PageUp: PAGE, PageDown: -PAGE }[event.key]
    if (!by) return
    event.preventDefault()
    move(parts, by)
  })
  for (const link of form.querySelectorAll('[data-step]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault()
      stop(parts)
      move(parts, Number(link.dataset.step))
    })
  }
  parts.play.addEventListener('click', () => (parts.timer ? stop(parts) : start(parts)))
  update(parts, { isFirst: true })
}

function move(parts, by) {
  const { range } = parts
  range.value = String(Math.min(Number(range.max), Math.max(0, Number(range.value) + by)))
  update(parts)
}

function start(parts) {
  const { range, play, words } = parts
  if (range.value === range.max) range.value = '0'
  update(parts)
  play.textContent = words.pause
  play.setAttribute('aria-pressed', 'true')
  parts.timer = setInterval(() => {
    move(parts, 1)
    if (range.value === range.max) stop(parts)
  }, STEP_MS)
}

function stop(parts) {
  clearInterval(parts.timer)
  parts.timer = 0
  parts.play.textContent = parts.words.play
  parts.play.setAttribute('aria-pressed', 'false')
}

function update(parts, { isFirst = false } = {}) {
  const { range, words, moment, reached, show } = parts
  const index = Number(range.value)
  const seconds = index * words.step
  const text = words.texts[index] ?? ''
  range.setAttribute('aria-valuetext', text)
  moment.textContent = text
  show(seconds)
  if (isFirst) return
  reached.textContent = sayReached(words, seconds)
  writeAddress(`${Math.round(seconds / 3600)}h`)
}

function sayReached(words, seconds) {
  const reached = words.targets.filter(({ median }) => median !== null && median <= seconds)
  const maybe = words.targets.filter(({ median, early }) => (median === null || median > seconds) && early !== null && early <= seconds)
  const names = (list) => list.map(({ name }) => name).join(', ')
  const parts = [reached.length ? fill(words.reached, { names: names(reached) }) : words.none]
  if (maybe.length) parts.push(fill(words.maybe, { names: names(maybe) }))
  return parts.join(' ')
}

// the links to targets keep the moment too
function writeAddress(value) {
  const address = new URL(location.href)
  address.searchParams.set('t', value)
  history.replaceState(history.state, '', address)
  for (const link of document.querySelectorAll('[data-target] a[href^="?"]')) {
    const query = new URLSearchParams(link.getAttribute('href').replace(/#.*$/, ''))
    query.set('t', value)
    link.setAttribute('href', `?${query}`)
    if (link.hasAttribute('hx-get')) link.setAttribute('hx-get', `?${query}`)
  }
}
