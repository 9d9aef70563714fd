// The colour tokens of the page as scripts read them, and the moment when the theme turns.

export function readTokens() {
  const style = getComputedStyle(document.documentElement)
  return (name) => style.getPropertyValue(`--${name}`).trim()
}

export function isDark() {
  const { theme } = document.documentElement.dataset
  return theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
}

// Calls back when the reader's theme turns, so that the layers are drawn again with the other tokens.
export function watchTheme(callback) {
  let was = isDark()
  const check = () => {
    if (isDark() === was) return
    was = isDark()
    callback()
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', check)
  new MutationObserver(check).observe(document.documentElement, { attributeFilter: ['data-theme'] })
}
