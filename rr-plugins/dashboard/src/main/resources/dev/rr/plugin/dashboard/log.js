// The last lines of the log, as many as fit in sight and memory.
import { $, clock, h, text } from './dom.js';

const MOST = 400;
const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR'];

/** Name=value for each attribute that says something; as it came where it was cut short. */
function pairs(attributes) {
  let all;
  try {
    all = Object.entries(JSON.parse(attributes)).filter(([, value]) => value !== '' && value !== null);
  } catch {
    return h('span', { class: 'attributes' }, ` ${attributes}`);
  }
  return h('span', { class: 'attributes' }, ...all.flatMap(([name, value]) => [
    ' ', h('b', {}, `${name}=`), typeof value === 'string' ? value : JSON.stringify(value)]));
}

export class LogView {
  constructor() {
    this.lines = [];
    this.level = h('select', { 'aria-label': 'Lowest level', onchange: () => this.redraw() },
      ...LEVELS.map((level) => h('option', { value: level }, level.toLowerCase())));
    this.filter = h('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Only lines with this text', oninput: () => this.redraw() });
    this.follow = h('input', { type: 'checkbox', checked: true, id: 'log-follow', onchange: () => this.toEnd() });
    this.note = h('span', { class: 'muted note' });
    this.list = h('ol', { class: 'lines', tabindex: '0', 'aria-label': 'Log lines' });
    this.list.addEventListener('wheel', () => this.noticeScroll(), { passive: true });
    this.list.addEventListener('touchmove', () => this.noticeScroll(), { passive: true });
    this.list.addEventListener('keyup', () => this.noticeScroll());
    $('log-card').replaceChildren(
      h('div', { class: 'log-head' }, this.level, this.filter,
        h('label', { for: 'log-follow' }, this.follow, ' Follow'), this.note),
      this.list);
  }

  noticeScroll() {
    requestAnimationFrame(() => {
      const { scrollTop, scrollHeight, clientHeight } = this.list;
      this.follow.checked = scrollHeight - scrollTop - clientHeight < 24;
    });
  }

  clear() {
    this.lines = [];
    this.list.replaceChildren();
  }

  add({ lines, skipped }) {
    this.lines.push(...lines);
    this.lines.splice(0, this.lines.length - MOST);
    text(this.note, skipped ? `${skipped.toLocaleString('en')} more came too fast to be shown` : '');
    this.list.append(...lines.filter((line) => this.wants(line)).map((line) => this.line(line)));
    while (this.list.childElementCount > MOST) this.list.firstElementChild.remove();
    this.empty();
    this.toEnd();
  }

  wants([, level, channel, message, attributes]) {
    const words = this.filter.value.trim().toLowerCase();
    return LEVELS.indexOf(level) >= LEVELS.indexOf(this.level.value)
      && (!words || `${channel} ${message} ${attributes}`.toLowerCase().includes(words));
  }

  redraw() {
    this.list.replaceChildren(...this.lines.filter((line) => this.wants(line)).map((line) => this.line(line)));
    this.empty();
    this.toEnd();
  }

  empty() {
    const none = this.list.querySelector('.none');
    if (this.list.childElementCount === 0) this.list.append(h('li', { class: 'none muted' }, 'No line yet.'));
    else if (none && this.list.childElementCount > 1) none.remove();
  }

  line([at, level, channel, message, attributes]) {
    return h('li', { class: level.toLowerCase() },
      h('time', { datetime: new Date(at).toISOString() }, clock(at)),
      h('span', { class: 'level' }, level.toLowerCase()), h('span', { class: 'channel' }, channel),
      h('span', { class: 'message' }, message, attributes ? pairs(attributes) : null));
  }

  toEnd() {
    if (this.follow.checked) this.list.scrollTop = this.list.scrollHeight;
  }
}
