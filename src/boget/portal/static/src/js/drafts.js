// Text typed into a form with data-keep="a name" survives a lost connection, an error page and signing in again (this tab only).
import { say } from './announce.js'

const PREFIX = 'boget.draft.'
const SENT = 'boget.sent'
const SKIPPED = ['password', 'file', 'hidden', 'submit', 'button']

export function keepDrafts() {
  const forms = [...document.querySelectorAll('form[data-keep]')]
  forgetSaved(forms)
  for (const form of forms) keepForm(form)
}

// also for a form that comes into the page later
export function keepForm(form) {
  restore(form)
  form.addEventListener('input', () => store(form))
  form.addEventListener('change', () => store(form))
  form.addEventListener('submit', () => sessionStorage.setItem(SENT, form.dataset.keep))
}

// The form was sent and the answer is another ordinary page: the text is saved. Not so on an error page or when asked to sign in.
function forgetSaved(forms) {
  const sent = sessionStorage.getItem(SENT)
  const isInterrupted = document.querySelector('[data-error], form input[type="password"]')
  if (!sent || isInterrupted || forms.some((form) => form.dataset.keep === sent)) return
  sessionStorage.removeItem(PREFIX + sent)
  sessionStorage.removeItem(SENT)
}

function listInputs(form) {
  return [...form.elements].filter((input) => input.name && !SKIPPED.includes(input.type) && !input.readOnly)
}

function read(input) {
  if (input.type === 'checkbox' || input.type === 'radio') return input.checked
  return input instanceof HTMLSelectElement && input.multiple ? [...input.selectedOptions].map((one) => one.value) : input.value
}

function store(form) {
  const values = listInputs(form).map((input) => [`${input.name}=${isTick(input) ? input.value : ''}`, read(input)])
  sessionStorage.setItem(PREFIX + form.dataset.keep, JSON.stringify(values))
}

const isTick = (input) => input.type === 'checkbox' || input.type === 'radio'

function restore(form) {
  const key = PREFIX + form.dataset.keep
  const values = new Map(parse(sessionStorage.getItem(key)))
  const changed = listInputs(form).filter((input) => write(input, values.get(`${input.name}=${isTick(input) ? input.value : ''}`)))
  if (!changed.length) return
  for (const input of changed) input.dispatchEvent(new Event('change', { bubbles: true }))
  offerDiscard(form, key)
}

function parse(text) {
  try {
    return JSON.parse(text ?? '[]')
  } catch {
    return []
  }
}

function write(input, value) {
  if (value === undefined || JSON.stringify(read(input)) === JSON.stringify(value)) return false
  if (isTick(input)) input.checked = value
  else if (Array.isArray(value)) for (const one of input.options) one.selected = value.includes(one.value)
  else input.value = value
  return true
}

function offerDiscard(form, key) {
  const template = document.getElementById('draft-restored')
  if (!template) return
  const note = template.content.firstElementChild.cloneNode(true)
  note.querySelector('[data-discard]').addEventListener('click', () => {
    sessionStorage.removeItem(key)
    form.reset()
    note.remove()
  })
  form.prepend(note)
  say(note.querySelector('span').textContent)
}
