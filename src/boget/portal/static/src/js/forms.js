// Filters send themselves when changed. Without script the same form has its button.

const PAUSE_MS = 500

export function wireForms() {
  document.addEventListener('change', (event) => {
    const form = event.target.closest?.('form[data-autosubmit]')
    if (!form) return
    const menu = event.target.closest('.menu')
    // ticking several boxes of one menu is one change: it is sent when the menu closes
    if (menu) menu.dataset.changed = ''
    else form.requestSubmit()
  })
  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('form[data-autosubmit]')
    if (form && event.target.matches('[type="search"]')) sendLater(form)
  })
  document.addEventListener('toggle', (event) => {
    const menu = event.target
    if (!(menu instanceof HTMLDetailsElement) || menu.open || !('changed' in menu.dataset)) return
    delete menu.dataset.changed
    menu.closest('form')?.requestSubmit()
  }, true)
  document.addEventListener('formdata', (event) => {
    if (event.target.matches('[data-autosubmit]')) dropEmpty(event.formData)
  })
  document.addEventListener('htmx:configRequest', (event) => {
    if (event.detail.elt.matches('[data-autosubmit]')) dropEmpty(event.detail.formData)
  })
}

const timers = new WeakMap()

function sendLater(form) {
  clearTimeout(timers.get(form))
  timers.set(form, setTimeout(() => form.requestSubmit(), PAUSE_MS))
}

// the address stays short: a filter that says nothing is not written into it
function dropEmpty(values) {
  for (const name of new Set(values.keys())) {
    const kept = values.getAll(name).filter((value) => value !== '')
    values.delete(name)
    for (const value of kept) values.append(name, value)
  }
}
