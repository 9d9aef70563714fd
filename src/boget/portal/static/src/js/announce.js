// What changed on the page is said in the polite live region; a failed part says so in its place.
import htmx from 'htmx.org'


const STILL_WORKING_MS = 5000
let waiting = 0

export function say(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? 'alarm' : 'say')
  if (!region || !text) return
  region.textContent = ''
  // a new task, so that the same sentence twice is heard twice
  setTimeout(() => { region.textContent = text }, 50)
}

export function announceSwaps() {
  document.addEventListener('htmx:beforeRequest', startWaiting)
  document.addEventListener('htmx:afterRequest', stopWaiting)
  document.addEventListener('htmx:afterSettle', (event) => {
    const words = [...event.detail.elt.querySelectorAll('[data-say]')].map((node) => node.textContent.trim())
    say(words.join('. '))
    moveFocus(event)
  })
  document.addEventListener('htmx:responseError', showFailure)
  document.addEventListener('htmx:sendError', showFailure)
  focusErrorSummary(document)
}

function startWaiting() {
  clearTimeout(waiting)
  waiting = setTimeout(() => { setStillWorking(true) }, STILL_WORKING_MS)
}

function stopWaiting() {
  clearTimeout(waiting)
  setStillWorking(false)
}

function setStillWorking(isShown) {
  const note = document.getElementById('still-working')
  if (!note) return
  note.hidden = !isShown
  if (isShown) say(note.textContent)
}

// The element that asked carries data-focus-heading when the answer is a new place to read: a tab, a page of a list.
function moveFocus(event) {
  const { target, requestConfig } = event.detail
  if (focusErrorSummary(event.detail.elt) || !requestConfig?.elt?.closest('[data-focus-heading]')) return
  const place = target?.querySelector('h1, h2, h3, caption') ?? target
  if (!place) return
  place.setAttribute('tabindex', '-1')
  place.focus({ preventScroll: false })
}

function focusErrorSummary(scope) {
  const summary = scope.querySelector('[data-error-summary]')
  if (!summary) return false
  summary.focus()
  return true
}

function showFailure(event) {
  const { target, requestConfig, xhr } = event.detail
  const template = document.getElementById('request-failed')
  if (!template || !target) return
  const note = template.content.firstElementChild.cloneNode(true)
  note.querySelector('[data-incident]').textContent = xhr?.getResponseHeader?.('X-Incident') ?? ''
  note.querySelector('[data-retry]').addEventListener('click', () => {
    note.remove()
    htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path, { source: requestConfig.elt, target })
  })
  target.querySelector(':scope > .banner-bad')?.remove()
  target.prepend(note)
}
