// The page: one stream of events, and what each of them changes.
import { Chart, sparkline } from './charts.js';
import { $, attribute, bytes, clock, duration, h, millis, number, svg, text } from './dom.js';
import { LogView } from './log.js';
import { Plugins } from './plugins.js';
import { PoolView } from './workers.js';

const meta = document.querySelector('meta[name=dashboard]');
const settings = { token: meta.content, readOnly: meta.dataset.readOnly === 'true' };
const [AT, REQUESTS, FAILED, QUEUED, WORKING, WORKERS, MEMORY, P50, P95, P99] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const RANGES = [[5, '5 min'], [15, '15 min'], [60, '1 hour']];
const POINTS = 360;
const LIVE = 300;

let period = 10_000;
let started = 0;
let history = [];
/** A point of each second since the page was opened. */
let live = [];
let range = null;
const pools = new Map();
const log = new LogView();
const plugins = new Plugins();

// Tiles.

function tile(id, label) {
  const value = h('p', { class: 'big' }, '–');
  const more = h('p', { class: 'muted more' });
  const graphic = h('div', { class: 'graphic', 'aria-hidden': 'true' });
  $('tiles').append(h('article', { class: 'card tile', id: `tile-${id}` }, h('h3', {}, label), value, more, graphic));
  return { value, more, graphic };
}

const tiles = {
  requests: tile('requests', 'Requests'),
  latency: tile('latency', 'Latency'),
  workers: tile('workers', 'Workers'),
  queue: tile('queue', 'Queue'),
  memory: tile('memory', 'Memory'),
};
const sparks = Object.fromEntries(['requests', 'latency', 'queue', 'memory'].map((name) => {
  const graphic = svg('svg', { class: `spark ${name}` });
  tiles[name].graphic.append(graphic);
  return [name, graphic];
}));
const meter = (tone) => {
  const fill = h('i', { class: tone });
  return { element: h('span', { class: 'meter' }, fill), fill };
};
const busy = meter('working');
tiles.workers.graphic.append(busy.element);

function big(element, value, unit) {
  if (element.dataset.shown === `${value} ${unit}`) return;
  element.dataset.shown = `${value} ${unit}`;
  element.replaceChildren(value, unit ? h('small', {}, ` ${unit}`) : '');
}

function split(measured) {
  const at = measured.lastIndexOf(' ');
  return at < 0 ? [measured, ''] : [measured.slice(0, at), measured.slice(at + 1)];
}

function showTiles(state, workers) {
  const word = state.counted ? 'requests' : 'executions';
  big(tiles.requests.value, number(Math.round(state.requests * 10) / 10), '/s');
  text(tiles.requests.value.parentElement.querySelector('h3'), state.counted ? 'Requests' : 'Executions');
  charts[0].rename(state.counted ? 'Requests per second' : 'Executions per second');
  const failing = state.failed > 0;
  text(tiles.requests.more, state.counted ? `${failing ? number(state.failed) : 'no'} server errors/s` : `counted by workers`);
  tiles.requests.more.classList.toggle('alarm', failing);
  const [p50, p95, p99] = state.minute;
  const [amount, unit] = split(millis(p95));
  big(tiles.latency.value, amount, p95 == null ? '' : `${unit} p95`);
  text(tiles.latency.more, p95 == null
    ? (state.counted ? `no ${word} within the last minute` : 'http.middleware: [http_metrics] measures it')
    : `median ${millis(p50)} · p99 ${millis(p99)}`);
  big(tiles.workers.value, number(workers.working), `of ${number(workers.all)} busy`);
  const share = workers.all ? workers.working / workers.all : 0;
  busy.fill.style.width = `${Math.round(share * 100)}%`;
  text(tiles.workers.more, `${number(workers.ready)} ready${workers.other ? `, ${number(workers.other)} neither` : ''}`);
  big(tiles.queue.value, number(workers.queued), 'waiting');
  tiles.queue.value.classList.toggle('alarm', workers.queued > 0 && workers.working >= workers.all);
  text(tiles.queue.more, state.running >= 0 ? `${number(state.running)} requests under way` : 'for a free worker');
  big(tiles.memory.value, ...split(bytes(workers.memory)));
  text(tiles.memory.more, `rr itself ${bytes(state.server.rss)}, ${Math.round(state.server.cpu)} % CPU`);
}

// Charts.

const charts = [
  new Chart($('chart-requests'), {
    title: 'Requests per second',
    series: [
      { label: 'all', value: (point) => point[REQUESTS], area: true },
      { label: 'server errors', value: (point) => point[FAILED], quiet: true },
    ],
    format: (value) => number(value == null ? null : value < 10 ? Math.round(value * 100) / 100 : Math.round(value)),
  }),
  new Chart($('chart-latency'), {
    title: 'Latency',
    series: [
      { label: 'median', value: (point) => point[P50] },
      { label: 'p95', value: (point) => point[P95] },
      { label: 'p99', value: (point) => point[P99] },
    ],
    format: (value) => (value === 0 ? '0' : millis(value).replace('.0 ', ' ')),
    empty: 'Nothing was measured in this time. Latencies come from the middleware http_metrics.',
  }),
  new Chart($('chart-workers'), {
    title: 'Workers',
    whole: true,
    series: [
      { label: 'busy', value: (point) => point[WORKING], area: true },
      { label: 'waiting', value: (point) => point[QUEUED], quiet: true },
      { label: 'all', value: (point) => point[WORKERS] },
    ],
    format: (value) => number(value),
  }),
  new Chart($('chart-memory'), {
    title: 'Memory of workers',
    binary: true,
    series: [{ label: 'resident', value: (point) => point[MEMORY], area: true }],
    format: (value) => (value === 0 ? '0' : bytes(value).replace('.0 ', ' ')),
  }),
];

const buttons = RANGES.map(([minutes, label]) =>
  h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => {
    range = minutes;
    showCharts();
  } }, label));
$('range').append(...buttons);

function showCharts() {
  const to = live.at(-1)?.[AT] ?? Date.now();
  // Unless somebody chose: the shortest time that shows everything there is.
  const age = (to - (history[0]?.[AT] ?? to)) / 60_000;
  const minutes = range ?? (RANGES.find(([most]) => age <= most) ?? RANGES.at(-1))[0];
  buttons.forEach((button, at) => attribute(button, 'aria-pressed', RANGES[at][0] === minutes));
  const from = to - minutes * 60_000;
  // Seconds where there are any, and tens of seconds before.
  const fine = minutes === 5 ? live : live.slice(-1);
  const coarse = history.filter((point) => point[AT] < (fine[0]?.[AT] ?? Infinity));
  const points = [...coarse, ...fine].filter((point) => point[AT] >= from - period);
  for (const chart of charts) chart.show(points.filter((point) => point[AT] >= from), from, to, 3.5 * period);
  const recent = [...history.filter((point) => point[AT] < live[0]?.[AT]), ...live].slice(-90);
  const shown = { requests: REQUESTS, latency: P95, queue: QUEUED, memory: MEMORY };
  for (const [name, column] of Object.entries(shown)) sparkline(sparks[name], recent.map((point) => point[column] ?? 0));
}

// Workers.

async function act(pool, word, button) {
  button.disabled = true;
  button.classList.add('busy');
  const done = { reset: `${pool}: all workers are fresh`, add: `${pool}: one worker more`, remove: `${pool}: one worker fewer` }[word];
  try {
    const response = await fetch(`/pools/${encodeURIComponent(pool)}/${word}`, {
      method: 'POST',
      headers: { 'X-Dashboard-Token': settings.token },
    });
    const answer = await response.json().catch(() => ({ error: response.statusText }));
    if (response.ok) toast(done);
    else toast(`${pool}: ${answer.error}`, true);
  } catch {
    toast('The server does not answer.', true);
  } finally {
    button.disabled = false;
    button.classList.remove('busy');
  }
}

function toast(message, fault = false) {
  const note = h('p', { class: `toast${fault ? ' fault' : ''}` }, message);
  $('toasts').append(note);
  setTimeout(() => note.remove(), fault ? 9000 : 4000);
}

/** Only processes of the plugin service tell their command. */
const isService = (pool) => pool.workers.some((worker) => worker[6]);

function showPools(state) {
  const here = new Set(state.pools.map((pool) => pool.id));
  for (const [id, view] of pools) {
    if (!here.has(id)) {
      view.element.remove();
      pools.delete(id);
    }
  }
  for (const pool of state.pools) {
    let view = pools.get(pool.id);
    if (!view) {
      view = new PoolView(pool.id, { readOnly: settings.readOnly, act, services: isService(pool) });
      pools.set(pool.id, view);
      $('pools').append(view.element);
    }
    view.update(pool, state.at);
  }
  $('no-workers').hidden = state.pools.length > 0;
}

function countWorkers(state) {
  const all = state.pools.filter((pool) => !isService(pool)).flatMap((pool) => pool.workers);
  const working = all.filter((worker) => worker[1] === 2).length;
  const ready = all.filter((worker) => worker[1] === 1).length;
  return {
    all: all.length,
    working,
    ready,
    other: all.length - working - ready,
    memory: all.reduce((sum, worker) => sum + worker[4], 0),
    queued: state.pools.reduce((sum, pool) => sum + pool.queued, 0),
  };
}

// Pipelines and what else there is.

function showPipelines({ present, all, fault }) {
  $('pipelines').hidden = !present;
  document.querySelector('[data-for=pipelines]').hidden = !present;
  if (!present) return;
  const rows = all.map((pipeline) => h('tr', {},
    h('th', { scope: 'row' }, pipeline.name), h('td', {}, pipeline.driver),
    h('td', { class: 'state' }, h('i', { class: `dot ${pipeline.error ? 'fault' : pipeline.ready ? 'ready' : 'idle'}` }),
      pipeline.error || (pipeline.ready ? 'consuming' : 'paused')),
    ...['active', 'delayed', 'reserved', 'priority'].map((key) => h('td', { class: 'number' }, number(pipeline[key])))));
  if (fault || !rows.length) rows.push(h('tr', {}, h('td', { colspan: 7, class: 'muted' }, fault || 'There is no pipeline.')));
  $('pipeline-rows').replaceChildren(...rows);
}

function measured({ name, value }) {
  if (name.endsWith('_bytes')) return bytes(value);
  return name.endsWith('uptime_seconds') ? duration(value * 1000) : number(value);
}

let figureNames = '';

function showFigures(figures) {
  $('figures').hidden = figures.length === 0;
  const names = figures.map((figure) => figure.name).join();
  if (names !== figureNames) {
    figureNames = names;
    $('figure-list').replaceChildren(h('dl', {}, ...figures.map((figure) =>
      h('div', { title: figure.help }, h('dt', {}, figure.name.replace(/^rr_/, '').replaceAll('_', ' ')), h('dd', {})))));
  }
  const values = $('figure-list').querySelectorAll('dd');
  figures.forEach((figure, at) => text(values[at], measured(figure)));
}

// The stream.

function hello(data) {
  started = data.started;
  period = data.period;
  history = data.history;
  log.clear();
  text($('version'), data.version);
  attribute($('version'), 'title', data.folder);
  plugins.show(data.plugins, data.links);
}

function show(state) {
  const workers = countWorkers(state);
  live.push([state.at, state.requests, state.failed, workers.queued, workers.working, workers.all, workers.memory, ...state.minute]);
  live.splice(0, live.length - LIVE);
  text($('uptime'), `up ${duration(state.at - started)}`);
  connection('live', 'Live');
  // What nobody sees is not drawn.
  if (document.hidden) return;
  showTiles(state, workers);
  showCharts();
  showPools(state);
  showPipelines(state.pipelines);
  plugins.health(state.health);
  showFigures(state.figures);
}

function connection(state, word) {
  attribute($('connection'), 'data-state', state);
  text($('connection'), word);
}

function listen() {
  const stream = new EventSource('/events');
  const on = (name, action) => stream.addEventListener(name, (event) => action(JSON.parse(event.data)));
  on('hello', hello);
  on('state', show);
  on('log', (data) => log.add(data));
  on('point', (point) => {
    history.push(point);
    history.splice(0, history.length - POINTS);
  });
  stream.addEventListener('error', async () => {
    connection('lost', `Lost at ${clock(Date.now())}`);
    if (stream.readyState !== EventSource.CLOSED) return;
    // Refused, not broken off: signed out, or as many pages as there may be.
    setTimeout(async () => {
      const page = await fetch('/').catch(() => null);
      if (page?.status === 401) location.reload();
      else listen();
    }, 5000);
  });
}

$('sign-out').hidden = meta.dataset.signedIn !== 'true';
listen();
