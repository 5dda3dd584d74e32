// The workers of one plugin: counts, a map of all of them, and a table that draws only what is in sight.
import { attribute, bytes, duration, h, number, text } from './dom.js';

export const STATES = {
  0: ['inactive', 'idle'],
  1: ['ready', 'ready'],
  2: ['working', 'working'],
  3: ['invalid', 'fault'],
  4: ['stopping', 'leaving'],
  5: ['stopped', 'idle'],
  6: ['destroyed', 'fault'],
  7: ['max jobs', 'leaving'],
  8: ['errored', 'fault'],
  9: ['idle TTL', 'leaving'],
  10: ['TTL', 'leaving'],
  11: ['max memory', 'leaving'],
  12: ['exec TTL', 'leaving'],
};

const KINDS = ['working', 'ready', 'leaving', 'fault', 'idle'];
const ROW = 34;
const SPARE = 6;

const state = (worker) => STATES[worker[1]] ?? ['unknown', 'idle'];

export class PoolView {
  /** @param services whether these are processes of the plugin service, which execute nothing */
  constructor(id, { readOnly, act, services }) {
    this.id = id;
    this.services = services;
    this.workers = [];
    this.sort = { column: 0, down: false };
    this.rows = [];
    this.build(readOnly, act);
    new ResizeObserver(() => this.draw()).observe(this.box);
  }

  build(readOnly, act) {
    this.counts = h('div', { class: 'counts' });
    this.chips = Object.fromEntries(
      KINDS.map((kind) => {
        const value = h('b', {});
        const chip = h('span', { class: `chip ${kind}`, hidden: true }, h('i'), value, ` ${kind === 'leaving' ? 'leaving' : kind}`);
        this.counts.append(chip);
        return [kind, { chip, value }];
      }),
    );
    this.facts = h('p', { class: 'facts muted' });
    const button = (word, label, title) =>
      h('button', { class: 'small', type: 'button', title, 'data-action': word, onclick: (event) => act(this.id, word, event.currentTarget) }, label);
    this.remove = button('remove', '− Worker', `Stop one worker of ${this.id}`);
    this.reset = button('reset', 'Reset', `Replace every worker of ${this.id} by a fresh one, without a gap`);
    const buttons = h('div', { class: 'buttons', role: 'group', 'aria-label': `Workers of ${this.id}` },
      ...(this.services ? [] : [this.remove, button('add', '+ Worker', `Start one more worker of ${this.id}`)]), this.reset);
    this.canvas = h('canvas', { class: 'map', 'aria-hidden': 'true' });
    this.element = h('article', { class: 'card pool', 'data-pool': this.id, 'aria-label': `Workers of ${this.id}` },
      h('div', { class: 'pool-head' }, h('h3', {}, this.id), this.counts, readOnly ? null : buttons),
      this.facts, this.canvas, this.table());
  }

  table() {
    const columns = [
      ['PID', 0, ''],
      [this.services ? 'Process' : 'State', 1, ''],
      [this.services ? '' : 'Executed', 2, 'number'],
      ['Memory', 4, 'number'],
      ['CPU', 5, 'number wide'],
      ['Age', 3, 'number wide'],
    ];
    this.heads = columns.map(([label, column, kind]) =>
      h('th', { scope: 'col', class: kind, 'data-column': column },
        label && h('button', { type: 'button', onclick: () => this.order(column) }, label)));
    // Cells for the columns that narrow screens hide: a colspan would count them still.
    const space = () => h('tr', { class: 'space', 'aria-hidden': 'true' }, h('td', { colspan: 4 }), h('td', { class: 'wide' }), h('td', { class: 'wide' }));
    this.above = space();
    this.below = space();
    this.body = h('tbody', {}, this.above, this.below);
    const table = h('table', { class: `workers${this.services ? ' services' : ''}` }, h('thead', {}, h('tr', { 'aria-rowindex': 1 }, ...this.heads)), this.body);
    this.tableElement = table;
    this.box = h('div', { class: 'rows', tabindex: '0', role: 'region', 'aria-label': `Table of the workers of ${this.id}` }, table);
    this.box.addEventListener('scroll', () => this.draw(), { passive: true });
    return this.box;
  }

  order(column) {
    this.sort = { column, down: this.sort.column === column ? !this.sort.down : column > 1 };
    this.arrange();
    this.draw();
  }

  arrange() {
    const { column, down } = this.sort;
    const sign = down ? -1 : 1;
    this.workers.sort((a, b) => sign * (a[column] - b[column]) || a[0] - b[0]);
    for (const head of this.heads) {
      const mine = Number(head.dataset.column) === column;
      attribute(head, 'aria-sort', mine ? (down ? 'descending' : 'ascending') : 'none');
    }
  }

  update(pool, now) {
    this.now = now;
    this.workers = pool.workers;
    this.most = Math.max(1, ...pool.workers.map((worker) => worker[4]));
    const counts = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
    for (const worker of pool.workers) counts[state(worker)[1]]++;
    for (const kind of KINDS) {
      const { chip, value } = this.chips[kind];
      chip.hidden = counts[kind] === 0 && (this.services || kind !== 'working' && kind !== 'ready');
      text(value, counts[kind]);
    }
    const memory = pool.workers.reduce((sum, worker) => sum + worker[4], 0);
    const each = pool.workers.length ? ` · ${bytes(memory / pool.workers.length)} each` : '';
    const word = this.services ? ['process', 'processes'] : ['worker', 'workers'];
    const waiting = this.services ? '' : ` · ${number(pool.queued)} waiting in the queue`;
    text(this.facts, `${pool.workers.length} ${word[pool.workers.length === 1 ? 0 : 1]}${waiting} · ${bytes(memory)}${each}`);
    this.reset.hidden = !pool.resettable;
    this.remove.disabled = pool.workers.length <= 1;
    this.box.hidden = pool.workers.length === 0;
    this.paint([...pool.workers].sort((a, b) => a[0] - b[0]));
    this.arrange();
    this.draw();
  }

  /** One square for each worker. */
  paint(workers) {
    const few = workers.length <= 64;
    const size = few ? 14 : 9;
    const step = size + (few ? 4 : 3);
    const width = this.element.clientWidth - 40;
    this.canvas.hidden = workers.length < 2;
    if (width < 100 || this.canvas.hidden) return;
    const columns = Math.max(1, Math.floor((width + step - size) / step));
    const height = Math.ceil(workers.length / columns) * step;
    const scale = window.devicePixelRatio || 1;
    if (this.canvas.width !== width * scale || this.canvas.height !== height * scale) {
      this.canvas.width = width * scale;
      this.canvas.height = height * scale;
      this.canvas.style.height = `${height}px`;
    }
    const style = getComputedStyle(this.element);
    const colours = Object.fromEntries(KINDS.map((kind) => [kind, style.getPropertyValue(`--${kind}`)]));
    const context = this.canvas.getContext('2d');
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    workers.forEach((worker, at) => {
      context.fillStyle = colours[state(worker)[1]];
      context.beginPath();
      context.roundRect((at % columns) * step, Math.floor(at / columns) * step, size, size, few ? 4 : 2.5);
      context.fill();
    });
  }

  /** Draws the rows in sight, and as much empty room as the others would take. */
  draw() {
    const count = this.workers.length;
    const first = Math.max(0, Math.floor(this.box.scrollTop / ROW) - SPARE);
    const last = Math.min(count, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + SPARE);
    const wanted = Math.max(0, last - first);
    while (this.rows.length < wanted) {
      const row = this.row();
      this.rows.push(row);
      this.below.before(row.element);
    }
    while (this.rows.length > wanted) this.rows.pop().element.remove();
    this.rows.forEach((row, at) => this.set(row, this.workers[first + at], first + at));
    this.above.firstChild.style.height = `${first * ROW}px`;
    this.below.firstChild.style.height = `${(count - first - wanted) * ROW}px`;
    attribute(this.tableElement, 'aria-rowcount', count + 1);
  }

  row() {
    const cells = {
      pid: h('span', {}),
      state: h('span', {}),
      execs: h('td', { class: 'number' }),
      memory: h('span', {}),
      cpu: h('td', { class: 'number wide' }),
      age: h('td', { class: 'number wide' }),
    };
    const dot = h('i', { class: 'dot' });
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('i'));
    const pid = h('td', {}, cells.pid);
    const element = h('tr', {}, pid, h('td', { class: 'state' }, dot, cells.state), cells.execs,
      h('td', { class: 'number memory' }, bar, cells.memory), cells.cpu, cells.age);
    return { element, cells, dot, pid, bar: bar.firstChild };
  }

  set(row, worker, at) {
    const [word, kind] = state(worker);
    attribute(row.element, 'aria-rowindex', at + 2);
    attribute(row.dot, 'class', `dot ${kind}`);
    text(row.cells.pid, worker[0]);
    attribute(row.pid, 'title', worker[6] ?? '');
    text(row.cells.state, worker[6] ?? word);
    text(row.cells.execs, this.services ? '' : number(worker[2]));
    text(row.cells.memory, bytes(worker[4]));
    row.bar.style.width = `${Math.round((worker[4] / this.most) * 100)}%`;
    text(row.cells.cpu, `${worker[5].toFixed(1)} %`);
    text(row.cells.age, worker[3] > 0 ? duration(this.now - worker[3]) : '–');
  }
}
