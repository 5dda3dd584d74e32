// Which plugins live, who needs whom, and why the others do not.
import { $, attribute, h, svg, text } from './dom.js';

const WIDTH = 132;
const HEIGHT = 32;
const COLUMN = 196;
const ROW = 46;

/** What nearly everybody needs; its edges would hide the others. */
const COMMON = new Set(['Configurer', 'Loggers']);

/** From left to right; past the columns between in the room between two rows. */
function curve(x1, y1, x2, y2) {
  const gap = COLUMN - WIDTH;
  const bend = (a, b) => `C${(a[0] + b[0]) / 2} ${a[1]} ${(a[0] + b[0]) / 2} ${b[1]} ${b[0]} ${b[1]}`;
  if (x2 - x1 <= gap + 1) return `M${x1} ${y1}${bend([x1, y1], [x2, y2])}`;
  const row = Math.round((y1 + y2) / 2 / ROW - 0.5);
  const lane = row * ROW + HEIGHT + (ROW - HEIGHT) / 2;
  return `M${x1} ${y1}${bend([x1, y1], [x1 + gap, lane])}H${x2 - gap}${bend([x2 - gap, lane], [x2, y2])}`;
}

export class Plugins {
  show(plugins, links) {
    this.plugins = plugins;
    const live = plugins.filter((plugin) => plugin.state === 'live').length;
    text($('plugin-counts'), `${live} live · ${plugins.length - live} not`);
    this.list();
    this.graph(links.filter(([from, to]) => from !== to));
  }

  list() {
    this.badges = new Map();
    const order = { live: 0, failed: 1, skipped: 2, disabled: 3 };
    const sorted = [...this.plugins].sort((a, b) => (order[a.state] ?? 2) - (order[b.state] ?? 2) || a.id.localeCompare(b.id));
    const lists = [sorted.filter(({ state }) => state === 'live'), sorted.filter(({ state }) => state !== 'live')];
    $('plugin-list').replaceChildren(...lists.filter((list) => list.length).map((list) =>
      h('div', { class: 'plugin-list' }, ...list.map((plugin) => this.card(plugin)))));
  }

  card(plugin) {
    const badge = h('span', { class: 'badge', hidden: true });
    this.badges.set(plugin.id, badge);
    return h('article', { class: `plugin ${plugin.state}`, 'data-plugin': plugin.id },
      h('div', { class: 'plugin-head' }, h('i', { class: 'dot' }), h('b', {}, plugin.id), badge,
        h('span', { class: 'state-word muted' }, plugin.state)),
      plugin.reason ? h('p', { class: 'muted' }, plugin.reason) : null);
  }

  health(all) {
    for (const [id, live, ready] of all) {
      const badge = this.badges?.get(id);
      if (!badge) continue;
      const well = (status) => typeof status === 'number' && status < 400;
      badge.hidden = false;
      const [word, kind] = !well(live) ? ['not well', 'bad'] : well(ready) ? ['healthy', 'good'] : ['busy', 'so-so'];
      text(badge, word);
      attribute(badge, 'class', `badge ${kind}`);
      attribute(badge, 'title', [live, ready].filter((status) => typeof status === 'string').join('; '));
    }
  }

  graph(links) {
    const ids = new Set(this.plugins.map((plugin) => plugin.id));
    this.links = links.filter(([from, to]) => ids.has(from) && ids.has(to));
    $('graph').hidden = this.links.length === 0;
    const places = this.places();
    const columns = Math.max(0, ...[...places.values()].map(({ column }) => column)) + 1;
    const rows = Math.max(1, ...[...places.values()].map(({ row }) => row + 1));
    const width = columns * COLUMN - (COLUMN - WIDTH) + 4;
    const height = rows * ROW - (ROW - HEIGHT) + 4;
    this.root = svg('svg', { viewBox: `-2 -2 ${width} ${height}`, width, height, role: 'group' });
    const seen = new Map();
    for (const [from, to, contract, required] of this.links) {
      const key = `${from} ${to}`;
      const edge = seen.get(key) ?? { from, to, contracts: [], required: false };
      edge.contracts.push(contract);
      edge.required ||= required;
      seen.set(key, edge);
    }
    this.edges = [...seen.values()].map((edge) => this.edge(edge, places));
    this.nodes = this.plugins.map((plugin) => this.node(plugin, places.get(plugin.id)));
    this.root.append(...this.edges.map((edge) => edge.path), ...this.nodes);
    $('graph').replaceChildren(this.root);
  }

  /** Each plugin stands right of what it needs, near to it. */
  places() {
    const needs = new Map(this.plugins.map((plugin) => [plugin.id, new Set()]));
    for (const [from, to] of this.links) needs.get(to).add(from);
    const columns = new Map();
    const column = (id, path) => {
      if (columns.has(id)) return columns.get(id);
      if (path.has(id)) return 0;
      const below = new Set(path).add(id);
      const found = Math.max(-1, ...[...needs.get(id)].map((need) => column(need, below))) + 1;
      columns.set(id, found);
      return found;
    };
    for (const plugin of this.plugins) column(plugin.id, new Set());
    // What needs nothing but what everybody does stands next to whoever takes it.
    for (const { id } of this.plugins) {
      const takers = this.links.filter(([from]) => from === id).map(([, to]) => columns.get(to));
      const plain = this.links.every(([, to, contract]) => to !== id || COMMON.has(contract));
      if (takers.length && plain && !this.links.some(([from, , contract]) => from === id && COMMON.has(contract))) {
        columns.set(id, Math.max(columns.get(id), Math.min(...takers) - 1));
      }
    }
    const stacks = [];
    for (const plugin of this.plugins) (stacks[columns.get(plugin.id)] ??= []).push(plugin.id);
    const places = new Map();
    const tallest = Math.max(...stacks.map((stack) => stack?.length ?? 0));
    stacks.forEach((stack, at) => {
      const height = (id) => {
        const rows = [...needs.get(id)].map((need) => places.get(need)?.row).filter((row) => row != null);
        return rows.length ? rows.reduce((sum, row) => sum + row, 0) / rows.length : tallest / 2;
      };
      const sorted = stack.map((id) => [height(id), id]).sort((a, b) => a[0] - b[0]);
      const top = Math.floor((tallest - stack.length) / 2);
      sorted.forEach(([, id], row) => places.set(id, { column: at, row: top + row }));
    });
    return places;
  }

  edge(edge, places) {
    const a = places.get(edge.from);
    const b = places.get(edge.to);
    const x1 = a.column * COLUMN + WIDTH;
    const y1 = a.row * ROW + HEIGHT / 2;
    const x2 = b.column * COLUMN;
    const y2 = b.row * ROW + HEIGHT / 2;
    const common = edge.contracts.every((contract) => COMMON.has(contract));
    const path = svg('path', {
      class: `edge${edge.required ? '' : ' soft'}${common ? ' common' : ''}`,
      d: curve(x1, y1, x2, y2),
    }, svg('title', {}, `${edge.to} takes ${edge.contracts.join(', ')} from ${edge.from}`));
    return { ...edge, path };
  }

  node(plugin, { column, row }) {
    const takes = this.edges.filter((edge) => edge.to === plugin.id).map((edge) => edge.from);
    const gives = this.edges.filter((edge) => edge.from === plugin.id).map((edge) => edge.to);
    const label = `${plugin.id}, ${plugin.state}${plugin.reason ? `: ${plugin.reason}` : ''}`
      + `${takes.length ? `; takes from ${takes.join(', ')}` : ''}${gives.length ? `; gives to ${gives.join(', ')}` : ''}`;
    const near = new Set([plugin.id, ...takes, ...gives]);
    return svg('g', {
      class: `node ${plugin.state}`, tabindex: '0', role: 'img', 'aria-label': label, 'data-id': plugin.id,
      transform: `translate(${column * COLUMN} ${row * ROW})`,
      onpointerenter: () => this.focus(plugin.id, near), onpointerleave: () => this.focus(null),
      onfocus: () => this.focus(plugin.id, near), onblur: () => this.focus(null),
    }, svg('title', {}, label), svg('rect', { width: WIDTH, height: HEIGHT, rx: 9 }),
    svg('circle', { cx: 15, cy: HEIGHT / 2, r: 4 }),
    svg('text', { x: 27, y: HEIGHT / 2 + 4.500 }, plugin.id.length > 14 ? `${plugin.id.slice(0, 13)}…` : plugin.id));
  }

  focus(id, near) {
    this.root.classList.toggle('focused', id != null);
    for (const edge of this.edges) edge.path.classList.toggle('near', edge.from === id || edge.to === id);
    for (const node of this.nodes) node.classList.toggle('near', near?.has(node.dataset.id) ?? false);
  }
}
