// Lines over time, drawn as SVG. Points that nobody measured leave a gap.
import { attribute, clock, h, svg, text } from './dom.js';

const LEFT = 52;
const RIGHT = 12;
const TOP = 10;
const BOTTOM = 22;

/** The next round number, so that the axis has labels that people can read. */
function ceiling(value, binary, whole) {
  if (value <= 0) return 1;
  const base = binary ? 1024 ** Math.floor(Math.log(value) / Math.log(1024)) : 1;
  const scaled = value / base;
  const power = 10 ** Math.floor(Math.log10(scaled));
  const steps = whole ? [1, 2, 4, 6, 8, 10] : [1, 1.5, 2, 3, 4, 5, 8, 10];
  const step = steps.find((s) => s * power >= scaled - 1e-9);
  return step * power * base;
}

export class Chart {
  /**
   * @param series {label, value(point), area, quiet} of each line, the first on top
   * @param format of a value, with its unit
   */
  constructor(element, { title, series, format, binary = false, whole = false, empty = '' }) {
    this.series = series;
    this.format = format;
    this.binary = binary;
    this.whole = whole;
    this.empty = empty;
    this.title = title;
    this.points = [];
    this.cursor = null;
    this.root = svg('svg', { role: 'img', 'aria-hidden': 'true' });
    this.tip = h('div', { class: 'tip', hidden: true });
    this.plot = h('div', { class: 'plot', tabindex: '0', role: 'group' }, this.root, this.tip);
    this.note = h('p', { class: 'note muted', hidden: true });
    this.legend = h('ul', { class: 'legend' });
    this.values = series.map((line, at) => {
      const value = h('span', { class: 'value' });
      if (series.length > 1) {
        this.legend.append(h('li', { class: `line-${at}` }, h('i'), `${line.label} `, value));
      }
      return value;
    });
    this.heading = h('h3', {}, title);
    element.append(h('figcaption', {}, this.heading, this.legend), this.plot, this.note);
    this.listen();
    new ResizeObserver(() => this.draw()).observe(this.plot);
  }

  listen() {
    this.plot.addEventListener('pointermove', (event) => {
      const box = this.plot.getBoundingClientRect();
      this.moveTo(this.nearest(event.clientX - box.left));
    });
    this.plot.addEventListener('pointerleave', () => this.moveTo(null));
    this.plot.addEventListener('blur', () => this.moveTo(null));
    this.plot.addEventListener('keydown', (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (event.key === 'Escape') this.moveTo(null);
      if (!step || !this.points.length) return;
      event.preventDefault();
      const from = this.cursor ?? this.points.length - (step > 0 ? 2 : 0);
      this.moveTo(Math.min(this.points.length - 1, Math.max(0, from + step)));
    });
  }

  rename(title) {
    this.title = title;
    text(this.heading, title);
  }

  nearest(x) {
    let best = null;
    let distance = Infinity;
    this.points.forEach((point, at) => {
      const far = Math.abs(this.x(point[0]) - x);
      if (far < distance) {
        distance = far;
        best = at;
      }
    });
    return best;
  }

  /** Shows points between two times; {@code gap} milliseconds between two break the line. */
  show(points, from, to, gap) {
    const moved = this.cursor == null ? null : this.points[this.cursor]?.[0];
    this.points = points;
    this.from = from;
    this.to = to;
    this.gap = gap;
    if (moved != null) {
      const at = points.findIndex((point) => point[0] >= moved);
      this.cursor = at < 0 ? null : at;
    }
    const last = points.at(-1);
    this.series.forEach((line, at) => text(this.values[at], last ? this.format(line.value(last)) : '–'));
    const known = points.some((point) => this.series.some((line) => line.value(point) != null));
    this.note.hidden = known || !this.empty;
    text(this.note, this.empty);
    this.draw();
  }

  x(at) {
    return LEFT + ((at - this.from) / (this.to - this.from)) * (this.width - LEFT - RIGHT);
  }

  y(value) {
    return this.height - BOTTOM - (value / this.most) * (this.height - TOP - BOTTOM);
  }

  draw() {
    this.width = this.plot.clientWidth;
    this.height = this.plot.clientHeight;
    if (!this.width || this.from == null) return;
    const all = this.points.flatMap((point) => this.series.map((line) => line.value(point) ?? 0));
    const most = Math.max(...all, 0);
    this.most = ceiling(this.whole ? Math.max(4, Math.ceil(most * 1.1)) : most * 1.1, this.binary, this.whole);
    attribute(this.root, 'viewBox', `0 0 ${this.width} ${this.height}`);
    // What stays at nothing needs no line on the axis.
    const drawn = (line) => !line.quiet || this.points.some((point) => line.value(point) > 0);
    const lines = this.series.flatMap((line, at) => (drawn(line) ? this.line(line, at) : [])).reverse();
    this.root.replaceChildren(...this.axes(), ...lines, this.mark());
    attribute(this.plot, 'aria-label', this.summary());
  }

  summary() {
    const last = this.points.at(-1);
    if (!last) return `${this.title}: nothing yet`;
    const now = this.series.map((line) => `${line.label} ${this.format(line.value(last))}`).join(', ');
    return `${this.title}, now: ${now}. Arrow keys move through time.`;
  }

  axes() {
    const parts = [];
    for (let step = 0; step <= 4; step += 2) {
      const value = (this.most * step) / 4;
      const y = this.y(value);
      parts.push(svg('line', { class: 'grid', x1: LEFT, x2: this.width - RIGHT, y1: y, y2: y }));
      parts.push(svg('text', { class: 'axis', x: LEFT - 8, y: y + 4, 'text-anchor': 'end' }, this.format(value)));
    }
    const span = this.to - this.from;
    const steps = [60e3, 300e3, 600e3, 900e3];
    const wanted = Math.max(2, Math.floor((this.width - LEFT) / 90));
    const step = steps.find((s) => span / s <= wanted) ?? 1800e3;
    const zone = new Date(this.from).getTimezoneOffset() * 60e3;
    for (let at = Math.ceil((this.from - zone) / step) * step + zone; at <= this.to; at += step) {
      const x = this.x(at);
      if (x < LEFT + 8 || x > this.width - RIGHT - 14) continue;
      parts.push(svg('text', { class: 'axis', x, y: this.height - 5, 'text-anchor': 'middle' }, clock(at, false)));
    }
    return parts;
  }

  line(line, at) {
    const runs = [];
    let run = [];
    let before = null;
    for (const point of this.points) {
      const value = line.value(point);
      if (value == null || (before != null && point[0] - before > this.gap)) {
        if (run.length) runs.push(run);
        run = [];
      }
      if (value != null) run.push([this.x(point[0]), this.y(value)]);
      before = point[0];
    }
    if (run.length) runs.push(run);
    const path = (points) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
    const floor = this.y(0);
    return runs.flatMap((points) => {
      const stroke = path(points.length > 1 ? points : [points[0], [points[0][0] + 1, points[0][1]]]);
      const parts = [svg('path', { class: `stroke line-${at}`, d: stroke })];
      if (line.area) {
        const d = `${stroke}L${points.at(-1)[0].toFixed(1)} ${floor}L${points[0][0].toFixed(1)} ${floor}Z`;
        parts.push(svg('path', { class: `area line-${at}`, d }));
      }
      return parts;
    });
  }

  mark() {
    const group = svg('g', {});
    const point = this.cursor == null ? null : this.points[this.cursor];
    if (!point) return group;
    const x = this.x(point[0]);
    group.append(svg('line', { class: 'cursor', x1: x, x2: x, y1: TOP, y2: this.height - BOTTOM }));
    this.series.forEach((line, at) => {
      const value = line.value(point);
      if (value != null) group.append(svg('circle', { class: `dot line-${at}`, cx: x, cy: this.y(value), r: 3.5 }));
    });
    return group;
  }

  moveTo(at) {
    this.cursor = at;
    const point = at == null ? null : this.points[at];
    this.tip.hidden = !point;
    if (point) {
      this.tip.replaceChildren(
        h('b', {}, clock(point[0])),
        ...this.series.map((line, i) =>
          h('span', { class: `line-${i}` }, h('i'), `${line.label} `, h('em', {}, this.format(line.value(point)))),
        ),
      );
      const x = this.x(point[0]);
      const left = x > this.width / 2 ? x - this.tip.offsetWidth - 12 : x + 12;
      this.tip.style.transform = `translate(${Math.round(Math.max(0, left))}px, ${TOP}px)`;
    }
    this.draw();
  }
}

/** A line without axes, for a tile. */
export function sparkline(root, values) {
  const width = 120;
  const height = 30;
  attribute(root, 'viewBox', `0 0 ${width} ${height}`);
  attribute(root, 'preserveAspectRatio', 'none');
  const most = Math.max(...values, 1e-9);
  const step = width / Math.max(1, values.length - 1);
  const d = values
    .map((value, at) => `${at ? 'L' : 'M'}${(at * step).toFixed(1)} ${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`)
    .join('');
  root.replaceChildren(
    ...(values.length > 1
      ? [svg('path', { class: 'area', d: `${d}L${width} ${height}L0 ${height}Z` }), svg('path', { class: 'stroke', d })]
      : []),
  );
}
