// Live minutes: parts that save themselves two seconds after the last key, keep their text without a connection, and never
// overwrite what somebody else saved first (the server keeps both texts and this page shows them side by side).
import { say } from './announce.js'
import { keepForm } from './drafts.js'
import { cleanPasted, readHtml } from './minutes_paste.js'

const SAVE_MS = 2000
const RETRY_MS = 5000
const POLL_MS = 4000
const HOLD_MS = 5000
const DRAFT = 'boget.draft.'
const BASE = 'boget.base.'

const root = document.querySelector('[data-minutes]')
const line = document.getElementById('saved')
const parts = new Map()
let lastEditor = null
let firstState = ''

class Part {
  constructor(section) {
    this.section = section
    this.form = section.querySelector('form[data-keep]')
    this.textarea = this.form.elements.html
    this.hint = section.querySelector('[data-hint]')
    this.timer = 0
    this.heldAt = 0
    this.isDirty = this.isSaving = false
    this.editor = openEditor(this.form, () => this.touch())
    this.takeDraft()
    this.form.addEventListener('reset', () => setTimeout(() => this.dropDraft()))
  }

  get version() { return this.form.elements.version.value }
  set version(number) { this.form.elements.version.value = number }
  get baseKey() { return BASE + this.form.dataset.keep }

  // a text that was typed without a connection is saved against the version it was typed over, not the newest one
  takeDraft() {
    if (this.textarea.value === this.textarea.defaultValue) return
    this.editor.replaceChildren(cleanPasted(this.textarea.value))
    this.version = sessionStorage.getItem(this.baseKey) ?? this.version
    this.isDirty = true
    this.plan(0)
  }

  dropDraft() {
    this.editor.replaceChildren(cleanPasted(this.textarea.defaultValue))
    this.isDirty = false
    sessionStorage.removeItem(this.baseKey)
  }

  touch() {
    if (!this.isDirty) sessionStorage.setItem(this.baseKey, this.version)
    this.isDirty = true
    this.plan(SAVE_MS)
    if (Date.now() - this.heldAt > HOLD_MS) this.hold()
  }

  hold() {
    this.heldAt = Date.now()
    send(this.form.dataset.hold, new FormData(this.form)).catch(() => {})
  }

  plan(delay) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.save(), delay)
  }

  async save() {
    if (this.isSaving || !this.isDirty) return
    this.isSaving = true
    this.isDirty = false
    tell(line.dataset.saving)
    try {
      await this.read(await send(this.form.action, new FormData(this.form)))
    } catch {
      this.isDirty = true
      tell(line.dataset.offline, 'bad')
      this.plan(RETRY_MS)
    } finally {
      this.isSaving = false
    }
  }

  async read(answer) {
    // a page instead of an answer: the session is over; the text stays here until somebody signs in again
    const kind = answer.headers.get('Content-Type') ?? ''
    if (answer.redirected || !kind.startsWith('application/json')) throw new Error('no answer of the minutes')
    const values = await answer.json()
    if (answer.status === 409) return this.showConflict()
    if (!answer.ok) return tell(values.message, 'bad')
    this.version = values.version
    if (this.isDirty) {
      sessionStorage.setItem(this.baseKey, this.version)
      return this.plan(SAVE_MS)
    }
    this.forget()
    tell(`${line.dataset.saved} ${values.time}`)
  }

  forget() {
    this.textarea.defaultValue = this.textarea.value
    sessionStorage.removeItem(DRAFT + this.form.dataset.keep)
    sessionStorage.removeItem(this.baseKey)
    this.form.querySelector(':scope > .banner')?.remove()
  }

  async showConflict() {
    this.forget()
    tell(line.dataset.conflict, 'bad')
    const section = await this.fetchSection()
    this.section.replaceWith(section)
    const fresh = reopen(section)
    fresh?.section.querySelector('.minute-conflict h4')?.focus()
  }

  async fetchSection() {
    const answer = await fetch(this.section.dataset.url)
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    return document.importNode(page.querySelector('.minute-part'), true)
  }

  // another window saved this part; nobody types here
  async refresh() {
    if (this.isDirty || this.isSaving || this.section.contains(document.activeElement)) return
    const section = await this.fetchSection()
    if (this.isDirty || this.isSaving) return
    this.section.replaceWith(section)
    reopen(section)
  }

  showState(state) {
    this.hint.textContent = state?.typing ? `${line.dataset.typing} ${state.typing}` : ''
    if (state && state.version > Number(this.version)) this.refresh().catch(() => {})
  }
}

function openEditor(form, onInput) {
  const textarea = form.querySelector('textarea[name="html"]')
  const editor = form.querySelector('.minute-text')
  editor.hidden = false
  editor.contentEditable = 'true'
  textarea.hidden = true
  form.querySelector(`label[for="${textarea.id}"]`)?.addEventListener('click', () => editor.focus())
  editor.addEventListener('input', () => {
    textarea.value = readHtml(editor)
    onInput()
  })
  editor.addEventListener('focus', () => { lastEditor = editor })
  editor.addEventListener('paste', pasteClean)
  return editor
}

function pasteClean(event) {
  const html = event.clipboardData?.getData('text/html')
  if (!html) return
  event.preventDefault()
  const box = document.createElement('div')
  box.append(cleanPasted(html))
  document.execCommand('insertHTML', false, box.innerHTML)
}

const send = (address, body) => fetch(address, { method: 'POST', body, headers: { 'X-Requested-With': 'fetch' } })

function tell(text, kind = '') {
  line.textContent = text
  line.classList.toggle('is-bad', kind === 'bad')
  if (kind === 'bad') say(text)
}

function open(section) {
  for (const form of section.querySelectorAll('form.minute-conflict')) openEditor(form, () => {})
  const part = new Part(section)
  parts.set(section.dataset.part, part)
  return part
}

// a part that came into the page later
function reopen(section) {
  keepForm(section.querySelector('form[data-keep]'))
  return open(section)
}

async function poll() {
  try {
    const answer = await fetch(root.dataset.state)
    const state = answer.ok && !answer.redirected ? await answer.json() : null
    if (state) showState(state)
  } catch { /* no connection: the next round tries again */ }
  setTimeout(poll, POLL_MS)
}

function showState(state) {
  for (const [name, part] of parts) part.showState(state.parts[name])
  const isIdle = [...parts.values()].every((part) => !part.isDirty && !part.isSaving)
  firstState ||= state.state
  if (firstState !== state.state && isIdle) location.reload()
}

// Ctrl+1, 2, 3 (or Alt, where the browser keeps Ctrl for its tabs): heard, spoke, decided
function jump(event) {
  if (!(event.ctrlKey || event.altKey) || !['Digit1', 'Digit2', 'Digit3'].includes(event.code)) return
  const place = document.querySelector(`[data-part-focus="${event.code.slice(-1)}"]`)
  const target = event.code === 'Digit3' ? document.querySelector('#decided form textarea') : place?.form?.querySelector('.minute-text')
  if (!target) return
  event.preventDefault()
  target.focus()
}

function insertSpeaker(event) {
  const name = event.target.closest('[data-speaker]')?.dataset.speaker
  const editor = lastEditor?.isConnected ? lastEditor : document.querySelector('[data-part-focus="2"]')?.form?.querySelector('.minute-text')
  if (!name || !editor) return
  editor.focus()
  document.execCommand('insertText', false, `${name}: `)
}

if (root && line) {
  document.execCommand('defaultParagraphSeparator', false, 'p')
  for (const section of root.querySelectorAll('.minute-part')) open(section)
  for (const button of root.querySelectorAll('[data-speaker]')) {
    button.hidden = false
    button.parentElement.querySelector('[data-speaker-name]').hidden = true
  }
  document.addEventListener('keydown', jump)
  root.addEventListener('mousedown', (event) => { if (event.target.closest('[data-speaker]')) event.preventDefault() })
  root.addEventListener('click', insertSpeaker)
  window.addEventListener('online', () => { for (const part of parts.values()) part.plan(0) })
  window.addEventListener('pagehide', () => { for (const part of parts.values()) part.save() })
  setTimeout(poll, POLL_MS)
}
