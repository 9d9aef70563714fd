// Time series that readers probe: median or a typical run, 5–95 % band, threshold, observed points. Everything else is a picture with a table.
import uPlot from 'uplot'
import { readTokens, watchTheme } from './theme.js'

const HEIGHT = 280
const DASHES = [[], [8, 4], [2, 2], [8, 2, 2, 2], [12, 4]]

for (const element of document.querySelectorAll('[data-chart]')) startChart(element)
document.addEventListener('htmx:afterSettle', (event) => {
  for (const element of event.detail.elt.querySelectorAll?.('[data-chart]:not(.is-live)') ?? []) startChart(element)
})

function startChart(element) {
  const block = document.getElementById(element.dataset.chart)
  if (!block) return
  const chart = JSON.parse(block.textContent)
  element.classList.add('is-live')
  let plot = draw(element, chart)
  new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT })).observe(element)
  watchTheme(() => {
    plot.destroy()
    plot = draw(element, chart)
  })
}

function draw(element, chart) {
  const token = readTokens()
  const columns = [chart.x.values]
  const clock = chart.x.clock ? readClock(chart.x.clock) : null
  const write = writeNumbers()
  const series = [{ label: chart.x.label, ...(clock ? { value: (_, at) => (at === null ? '' : clock.full(at)) } : {}) }]
  const bands = []
  let line = 0
  for (const one of chart.series) {
    if (one.role === 'band') {
      bands.push({ series: [series.length + 1, series.length], fill: token('band') })
      for (const [end, name] of [[one.low, 'low'], [one.high, 'high']]) {
        columns.push(end)
        series.push({ label: `${one.label} (${name === 'low' ? '↓' : '↑'})`, value: write.one, stroke: token('series-1'), width: 1, dash: [4, 4], points: { show: false } })
      }
    } else {
      columns.push(one.values)
      series.push({ value: write.one, ...(one.role === 'observed' ? observed(one, token) : drawnLine(one, token, line++)) })
    }
  }
  return new uPlot({
    width: element.clientWidth, height: HEIGHT, series, bands,
    ...(clock ? { tzDate: clock.date } : {}),
    scales: { x: { time: Boolean(clock) }, y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.max(high ?? 1, ...limits(chart)) * 1.08] } },
    axes: [
      { ...axis(clock ? '' : chart.x.label, token), ...(clock ? { values: clock.ticks } : {}) },
      { ...axis(chart.y.label, token), values: write.many, size: 64 },
    ],
    cursor: { drag: { x: false, y: false } },
    hooks: { draw: [(plot) => drawMarks(plot, chart, token)] },
  }, columns, element)
}

const limits = (chart) => (chart.thresholds ?? []).map(({ value }) => value)

// Moments on the clock of the page: the browser may stand in another zone than the reader has chosen.
function readClock({ offset }) {
  const date = (at) => new Date((at + offset + new Date(at * 1e3).getTimezoneOffset() * 60) * 1e3)
  const two = (number) => String(number).padStart(2, '0')
  const day = (moment) => `${two(moment.getDate())}.${two(moment.getMonth() + 1)}`
  const hour = (moment) => `${two(moment.getHours())}:${two(moment.getMinutes())}`
  return {
    date,
    full: (at) => `${day(date(at))} ${hour(date(at))}`,
    ticks: (_, splits) => splits.map((at) => (hour(date(at)) === '00:00' ? day(date(at)) : hour(date(at)))),
  }
}

// decimal comma where the language of the page has one
function writeNumbers() {
  const format = new Intl.NumberFormat(document.documentElement.lang || 'ru', { maximumSignificantDigits: 3 })
  const one = (_, value) => (value === null || value === undefined ? '' : format.format(value))
  return { one, many: (_, values) => values.map((value) => one(_, value)) }
}

function drawnLine(one, token, index) {
  // the run before a refinement: thin, so that it does not pass for the forecast
  if (one.role === 'before') {
    return { label: one.label, stroke: token('series-1'), width: 1, dash: [2, 3], points: { show: false } }
  }
  const colour = token(`series-${(index % 5) + 1}`)
  return { label: one.label, stroke: colour, width: one.role === 'median' || one.role === 'typical' ? 2.4 : 1.8, dash: DASHES[index % 5], points: { show: false } }
}

function observed(one, token) {
  return {
    label: one.label, stroke: token('ink'), paths: () => null,
    points: { show: true, size: 8, width: 1.6, stroke: token('ink'), fill: token('paper') },
  }
}

function axis(label, token) {
  return {
    label, labelFont: '13px "Noto Sans"', font: '13px "Noto Sans"', stroke: token('ink-2'),
    grid: { stroke: token('line'), width: 1 }, ticks: { stroke: token('line'), width: 1 },
  }
}

// limits with their names, the line of "now", and each curve's name at its end
function drawMarks(plot, chart, token) {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.font = `${13 * devicePixelRatio}px "Noto Sans"`
  for (const { value, label } of chart.thresholds ?? []) {
    const y = plot.valToPos(value, 'y', true)
    stroke(ctx, token('series-2'), [bbox.left, y, bbox.left + bbox.width, y], [8, 4])
    write(ctx, token, label, [bbox.left + 6, y - 6])
  }
  if (typeof chart.now === 'number') {
    const x = plot.valToPos(chart.now, 'x', true)
    stroke(ctx, token('ink'), [x, bbox.top, x, bbox.top + bbox.height], [])
    if (chart.nowLabel) {
      const room = bbox.left + bbox.width - ctx.measureText(chart.nowLabel).width - 4
      write(ctx, token, chart.nowLabel, [Math.min(x + 6, room), bbox.top + 14 * devicePixelRatio])
    }
  }
  const clock = chart.x.clock
  chart.series.filter(({ values, role }) => values && !(clock && role === 'observed')).forEach(({ values, label, role }) => {
    nameEnd(plot, { values, label, x: chart.x.values, clock: clock && role !== 'before' }, token)
  })
  ctx.restore()
}

function nameEnd(plot, { values, label, x, clock }, token) {
  // a wave ends on the axis, where its name would lie on others: it is named at its top
  const last = clock ? values.indexOf(Math.max(...values)) : values.findLastIndex((value) => value !== null)
  if (last < 0) return
  const [left, top] = [plot.valToPos(x[last], 'x', true), plot.valToPos(values[last], 'y', true)]
  const width = plot.ctx.measureText(label).width
  const room = plot.bbox.left + plot.bbox.width - width - 4
  write(plot.ctx, token, label, [Math.min(left + 8, room), top - 10])
}

function stroke(ctx, colour, [x1, y1, x2, y2], dash) {
  ctx.strokeStyle = colour
  ctx.lineWidth = 1.6 * devicePixelRatio
  ctx.setLineDash(dash.map((part) => part * devicePixelRatio))
  ctx.beginPath()
  ctx.moveTo(x1, y1)
  ctx.lineTo(x2, y2)
  ctx.stroke()
}

// with a halo, because a name may lie on a line
function write(ctx, token, text, [x, y]) {
  ctx.textAlign = 'left'
  ctx.setLineDash([])
  ctx.lineWidth = 4 * devicePixelRatio
  ctx.strokeStyle = token('paper')
  ctx.strokeText(text, x, y)
  ctx.fillStyle = token('ink')
  ctx.fillText(text, x, y)
}
