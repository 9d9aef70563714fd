// Words of the page handed to a script, and sentences with named places filled in.

export function readWords(element) {
  const block = document.getElementById(element.dataset.labels ?? '')
  return block ? JSON.parse(block.textContent) : {}
}

export function fill(text, values) {
  return String(text ?? '').replace(/%\((\w+)\)s/g, (_, name) => values[name] ?? '')
}
