// licences.txt: every library whose code is inside the bundles, with version and licence text.
import { readFile, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

export async function writeLicences({ root, target, results }) {
  const inputs = results.flatMap((result) => Object.keys(result.metafile.inputs))
  const names = new Set([...inputs.map(nameOfPackage).filter(Boolean), '@fontsource/noto-sans', '@picocss/pico'])
  // a library that ships as one file carries its own libraries inside
  for (const name of names) for (const inner of await listDependencies(root, name)) names.add(inner)
  const parts = await Promise.all([...names].sort().map((name) => describePackage(path.join(root, 'node_modules', name))))
  const file = path.join(target, 'licences.txt')
  await writeFile(file, `Libraries inside the scripts, styles and fonts of this folder\n\n${parts.join('\n\n')}\n`)
  return file
}

function nameOfPackage(input) {
  const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/)
  return found ? found[1] : ''
}

async function listDependencies(root, name) {
  const { dependencies = {} } = JSON.parse(await readFile(path.join(root, 'node_modules', name, 'package.json'), 'utf8'))
  return Object.keys(dependencies).filter((inner) => !inner.startsWith('@types/'))
}

async function describePackage(folder) {
  const { name, version, license } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'))
  const texts = (await readdir(folder)).filter((entry) => /^licen[cs]e/i.test(entry)).sort()
  const body = texts.length ? (await readFile(path.join(folder, texts[0]), 'utf8')).trim() : ''
  return `${'-'.repeat(78)}\n${name} ${version} (${license})\n\n${body}`.trimEnd()
}
