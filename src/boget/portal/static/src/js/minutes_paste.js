// What is pasted from Word or a browser, cut down to the tags that minutes may hold. The server cleans once more.

const KEPT = new Set(['P', 'BR', 'STRONG', 'EM', 'UL', 'OL', 'LI', 'TABLE', 'TBODY', 'TR', 'TD', 'TH'])
const SAME = { B: 'STRONG', I: 'EM', DIV: 'P', H1: 'P', H2: 'P', H3: 'P', H4: 'P', H5: 'P', H6: 'P', BLOCKQUOTE: 'P' }
const DROPPED = new Set(['SCRIPT', 'STYLE', 'TITLE', 'META', 'LINK', 'XML', 'TEMPLATE', 'OBJECT', 'IFRAME', 'IMG', 'SVG'])
const HOLDERS = new Set(['TD', 'TH', 'LI', 'TABLE', 'UL', 'OL', 'P'])

// A fragment of clean nodes; nothing of the source but text, structure and spans of cells is taken.
export function cleanPasted(html) {
  // looks are dropped before reading: the policy of the page would report each of them
  const plain = html.replace(/<style[\s\S]*?<\/style>/gi, '').replace(/\sstyle\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ' ')
  const page = new DOMParser().parseFromString(plain, 'text/html')
  const fragment = document.createDocumentFragment()
  copyChildren(page.body, fragment)
  return fragment
}

function copyChildren(from, to) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.append(node.data.replace(/[\t\r\n ]+/g, ' '))
    else if (node.nodeType === Node.ELEMENT_NODE) copyElement(node, to)
  }
}

function copyElement(node, to) {
  const name = node.localName.toUpperCase()
  if (DROPPED.has(name)) return
  const wanted = SAME[name] ?? name
  // a paragraph that holds tables or lists is only a wrapper
  const isWrapper = wanted === 'P' && [...node.querySelectorAll('*')].some((one) => HOLDERS.has(one.localName.toUpperCase()))
  if (!KEPT.has(wanted) || isWrapper) {
    copyChildren(node, to)
    return
  }
  const copy = document.createElement(wanted)
  for (const span of ['colspan', 'rowspan']) {
    const number = Number.parseInt(node.getAttribute(span) ?? '1', 10)
    if ((wanted === 'TD' || wanted === 'TH') && number > 1 && number <= 40) copy.setAttribute(span, number)
  }
  copyChildren(node, copy)
  to.append(copy)
}

// What the editor holds, as the server takes it; an editor without words is empty.
export function readHtml(editor) {
  const box = document.createElement('div')
  box.append(cleanPasted(editor.innerHTML))
  return box.textContent.trim() || box.querySelector('table') ? box.innerHTML : ''
}
