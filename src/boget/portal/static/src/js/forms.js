// Filters send themselves when a choice changes; text waits for Enter or the button: a page that goes away while somebody types
// in it takes the focus along. Without script the same form has its button.
const CHOICES = 'select, [type="checkbox"], [type="radio"]'

export function wireForms() {
  document.addEventListener('change', (event) => {
    const form = event.target.closest?.('form[data-autosubmit]')
    if (!form || !event.target.matches(CHOICES)) return
    const menu = event.target.closest('.menu')
    // ticking several boxes of one menu is one change: it is sent when the menu closes
    if (menu) menu.dataset.changed = ''
    else form.requestSubmit()
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

// the address stays short: a filter that says nothing is not written into it
function dropEmpty(values) {
  for (const name of new Set(values.keys())) {
    const kept = values.getAll(name).filter((value) => value !== '')
    values.delete(name)
    for (const value of kept) values.append(name, value)
  }
}
