// Bundles styles and scripts of the portal into src/boget/portal/static/dist. Run by `npm run build`; needs only `npm ci --ignore-scripts`.
import { build } from 'esbuild'
import { copyFile, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { boget } from './plugins.mjs'
import { writeLicences } from './licences.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const source = path.join(root, 'src/boget/portal/static/src')
const target = path.join(root, 'src/boget/portal/static/dist')

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  outdir: target,
  legalComments: 'none',
  sourcemap: false,
  logLevel: 'warning',
  target: ['chrome120', 'firefox128', 'safari17'],
  assetNames: 'fonts/[name]',
  chunkNames: 'chunks/[name]-[hash]',
  loader: { '.woff2': 'file' },
  plugins: [boget(root)],
}

const scripts = () => build({
  ...shared,
  format: 'esm',
  splitting: true,
  entryPoints: ['boget', 'map', 'draw', 'chart', 'minutes', 'river_map'].map((name) => path.join(source, 'js', `${name}.js`)),
})

const worker = () => build({
  ...shared,
  format: 'esm',
  entryPoints: { 'map-worker': 'maplibre-gl/dist/maplibre-gl-worker.mjs' },
})

const styles = () => build({
  ...shared,
  entryPoints: ['boget', 'map'].map((name) => path.join(source, 'css', `${name}.css`)),
})

async function listFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
}

async function removeStale(kept) {
  const stale = (await listFiles(target)).filter((file) => !kept.has(file))
  await Promise.all(stale.map((file) => rm(file)))
}

async function dropSourceMapNames(files) {
  for (const file of files.filter((name) => /\.(js|css)$/.test(name))) {
    const text = await readFile(file, 'utf8')
    const clean = text.replace(/^[ \t]*(\/\/|\/\*)# sourceMappingURL=[^\n]*$/gm, '')
    if (clean !== text) await writeFile(file, clean)
  }
}

async function printSizes(files) {
  for (const file of [...files].sort()) {
    const { size } = await stat(file)
    const packed = gzipSync(await readFile(file), { level: 9 }).length
    console.log(`${path.relative(target, file).padEnd(52)}${kib(size)} ${kib(packed)} gz`)
  }
}

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(12)

await mkdir(path.join(target, 'fonts'), { recursive: true })
const results = await Promise.all([scripts(), worker(), styles()])
const files = new Set(results.flatMap((result) => Object.keys(result.metafile.outputs)).map((name) => path.join(root, name)))
for (const name of ['symbols.svg', 'icon.svg']) {
  await copyFile(path.join(source, 'img', name), path.join(target, name))
  files.add(path.join(target, name))
}
files.add(await writeLicences({ root, target, results }))
await removeStale(files)
await dropSourceMapNames([...files])
await printSizes(files)
