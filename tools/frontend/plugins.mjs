// Three generated style sheets: the fonts, the dark tokens (written once, applied twice) and the sections of Pico that we use.
import { readFile } from 'node:fs/promises'
import path from 'node:path'

const SUBSETS = ['cyrillic-ext', 'cyrillic', 'latin-ext', 'latin']
const WEIGHTS = [400, 600]
const PICO_SECTIONS = ['Document', 'Basics form elements', 'Input type file', 'Input type range', 'Progress']

export function boget(root) {
  const modules = path.join(root, 'node_modules')
  const generated = {
    'fonts.css': () => writeFontFaces(modules),
    'pico-sections.css': () => pickPicoSections(modules),
    'tokens-dark.css': (file) => wrapDarkTokens(file),
  }
  return {
    name: 'boget',
    setup(build) {
      build.onResolve({ filter: /^(fonts|pico-sections|tokens-dark)\.css$/ }, (args) => ({
        path: path.join(args.resolveDir, args.path), namespace: 'generated',
      }))
      build.onLoad({ filter: /.*/, namespace: 'generated' }, async (args) => ({
        contents: await generated[path.basename(args.path)](args.path), loader: 'css', resolveDir: path.join(modules, '@fontsource/noto-sans/files'),
      }))
    },
  }
}

async function writeFontFaces(modules) {
  const ranges = JSON.parse(await readFile(path.join(modules, '@fontsource/noto-sans/unicode.json'), 'utf8'))
  const faces = WEIGHTS.flatMap((weight) => SUBSETS.map((subset) => `@font-face {
    font-family: "Noto Sans"; font-style: normal; font-weight: ${weight}; font-display: swap;
    src: url("./noto-sans-${subset}-${weight}-normal.woff2") format("woff2"); unicode-range: ${ranges[subset]}; }`))
  return faces.join('\n')
}

async function pickPicoSections(modules) {
  const text = await readFile(path.join(modules, '@picocss/pico/css/pico.css'), 'utf8')
  const sections = text.split(/(?=^\/\*\*\n)/m)
  return PICO_SECTIONS.map((name) => {
    const found = sections.filter((section) => section.startsWith(`/**\n * ${name}\n`))
    if (found.length !== 1) throw new Error(`Pico has ${found.length} sections named "${name}"; one is expected`)
    return found[0]
  }).join('\n')
}

async function wrapDarkTokens(file) {
  const declarations = await readFile(file, 'utf8')
  return `@media screen { :root[data-theme="dark"] { ${declarations} } }
    @media screen and (prefers-color-scheme: dark) { :root:not([data-theme]) { ${declarations} } }`
}
