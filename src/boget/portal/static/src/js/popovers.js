// Popovers are native; this places them beside their button and closes them from inside. Menus (details) close like menus do.

const GAP = 6
const NARROW = 600

export function wirePopovers() {
  document.addEventListener('toggle', (event) => {
    const body = event.target
    if (body instanceof Element && body.matches('.provenance') && event.newState === 'open') place(body)
    if (body instanceof HTMLDetailsElement && body.matches('.menu') && body.open) closeOtherMenus(body)
  }, true)
  document.addEventListener('htmx:afterSettle', (event) => {
    const body = event.target.closest?.('.provenance')
    if (body?.matches(':popover-open')) place(body)
  })
  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element)) return
    event.target.closest('[data-close]')?.closest('[popover]')?.hidePopover()
    if (!event.target.closest('.menu')) closeOtherMenus(null)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return
    const menu = document.activeElement?.closest('.menu[open]') ?? document.querySelector('.menu[open]')
    if (!menu) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
}

function place(body) {
  const button = document.querySelector(`[popovertarget="${CSS.escape(body.id)}"]`)
  if (!button || window.innerWidth < NARROW) {
    body.classList.remove('is-placed')
    return
  }
  body.classList.add('is-placed')
  const anchor = button.getBoundingClientRect()
  const size = body.getBoundingClientRect()
  const left = Math.min(Math.max(8, anchor.left), document.documentElement.clientWidth - size.width - 8)
  const isBelow = anchor.bottom + GAP + size.height <= window.innerHeight || anchor.top < size.height + GAP
  const top = isBelow ? anchor.bottom + GAP : anchor.top - size.height - GAP
  body.style.left = `${left + window.scrollX}px`
  body.style.top = `${top + window.scrollY}px`
}

function closeOtherMenus(kept) {
  for (const menu of document.querySelectorAll('.menu[open]')) {
    if (menu !== kept && !menu.contains(kept)) menu.open = false
  }
}
