// Alt+S: search. Ctrl+Enter in a form: its primary action. No single-key shortcuts.

export function wireShortcuts() {
  document.addEventListener('keydown', (event) => {
    if (event.altKey && !event.ctrlKey && event.code === 'KeyS') {
      const search = document.querySelector('[data-search]')
      if (!search) return
      event.preventDefault()
      search.focus()
    }
    if (event.ctrlKey && event.key === 'Enter') {
      const scope = document.activeElement?.closest('form') ?? document.querySelector('main')
      const primary = scope?.querySelector('.button-primary:not([disabled])')
      if (!primary) return
      event.preventDefault()
      primary.click()
    }
  })
}
