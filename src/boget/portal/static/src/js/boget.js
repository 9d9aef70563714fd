// What every page needs: htmx with safe settings, spoken announcements, popovers, menus, forms that keep their text, shortcuts.
import htmx from 'htmx.org'
import { announceSwaps } from './announce.js'
import { keepDrafts } from './drafts.js'
import { wireForms } from './forms.js'
import { wirePopovers } from './popovers.js'
import { wireShortcuts } from './shortcuts.js'

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  // a refused form comes back as 409 or 422 with its errors, so it is shown like an answer
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '409|422', swap: true, error: false },
    { code: '[45]..', swap: false, error: true },
  ],
})

document.documentElement.classList.add('has-script')
announceSwaps()
wirePopovers()
wireForms()
wireShortcuts()
keepDrafts()
