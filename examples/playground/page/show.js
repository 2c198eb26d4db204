// Shows calls: what they are, what happened, and the exchange.

import { meaning } from './calls.js';
import { arrived, conclusion, lines } from './exchange.js';

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** A text in which `code` is between backticks. */
function rich(text) {
  return text.split('`').map((part, index) => (index % 2 ? element('code', {}, part) : part));
}

const note = (text) => element('span', { className: 'note' }, ...rich(text));

// ---- The call ----

/** A value as it is written in a script. */
function literal(value) {
  if (value instanceof URLSearchParams) return `new URLSearchParams(${literal(Object.fromEntries(value))})`;
  if (typeof value === 'string') return `'${value.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n')}'`;
  const key = (name) => (/^\w+$/.test(name) ? name : literal(name));
  return `{ ${Object.entries(value).map(([name, field]) => `${key(name)}: ${literal(field)}`).join(', ')} }`;
}

/** The call of a row as it is written in a script. */
function snippet({ call, header }) {
  const made = `fetch(${call.map(literal).join(', ')})`;
  return header ? `(await ${made}).headers.get('${header}')` : made;
}

/** Code that breaks between arguments, if it has to break. */
function code(text, className = '') {
  const parts = text.split(/(?<=, )(?=[a-z{])/).map((part) => element('span', {}, part));
  return element('code', { className }, ...parts);
}

/** The attribute above a handler. */
const attribute = (source) => source.match(/^#\[cross_origin\([^]*?\)\]$/m)?.[0] ?? '';

// ---- What happened ----

/** What a call came to, coloured by who decided. */
const tag = ({ kind, meaning }) => element('span', { className: `tag ${kind}` }, meaning);

/** The requests of a call with their answers. */
const exchanges = ({ requests }) => requests.map((request) => element('div', {},
  element('h3', {}, request.isPreflight ? 'The preflight' : 'The request'),
  element('pre', { className: 'exchange', tabIndex: 0 }, ...lines(request).map(([kind, text]) =>
    element('span', { className: kind }, text)))));

/** What came of a call, in a line. */
export const concluded = (result) => [tag(result), ' ', ...rich(conclusion(result))];

/** What else the box shows of a call. */
export function outcome(made, result) {
  const { reason, detail, requests, runs } = result;
  const said = reason ? `Why: ${reason}` : detail && `The page gets: ${detail}`;
  return [
    element('p', {}, code(snippet(made))),
    element('p', {}, ...rich(said)),
    element('p', { className: 'note' }, `The server saw: ${arrived(requests)}; handler runs: ${runs}.`),
    element('div', { className: 'panes' }, ...exchanges(result)),
  ];
}

// ---- Rows ----

function cell(label, ...children) {
  const made = element('td', {}, ...children);
  made.dataset.label = label;
  return made;
}

/** What happened, or has to happen, as texts that can be compared. */
export const expected = ([outcome, requests, runs, given]) =>
  [meaning([outcome, requests, runs, given]), outcome, requests, `handler runs: ${runs}`];
export const observed = ({ meaning, outcome, requests, runs }) =>
  [meaning, outcome, arrived(requests), `handler runs: ${runs}`];

/** The lines of a row in the table, with what is yet to be observed left open. */
export function rows(row, role, handlers) {
  const [meant, outcome, requests, handler] = expected(row[role]);
  const source = row.handler ? attribute(handlers[row.handler]) || 'no #[cross_origin]' : 'no handler';
  const id = row.name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  row.button = element('button', { type: 'button', className: 'opener', disabled: true }, row.name);
  row.button.setAttribute('aria-expanded', 'false');
  row.button.setAttribute('aria-controls', `${id}-opened`);
  row.line = element('tr', { id },
    element('th', { scope: 'row' },
      row.button,
      ...Array.from({ length: row.times ?? 1 }, () => code(snippet(row))),
      code(source.replace(/\s+/g, ' '), 'policy')),
    cell('The policy says', meant, note(outcome), note(requests), note(handler)),
    cell('The browser let the page', '…'),
    cell('The server saw', '…'),
    cell('Verdict', '…'));
  row.opened = element('tr', { id: `${id}-opened`, className: 'opened', hidden: true },
    element('td', { colSpan: 5 }));
  // The whole line opens, unless text is being selected in it.
  row.line.addEventListener('click', () => {
    if (!row.button.disabled && getSelection().isCollapsed) open(row, row.opened.hidden);
  });
  return [row.line, row.opened];
}

export function open(row, opens) {
  row.opened.hidden = !opens;
  row.button.setAttribute('aria-expanded', String(opens));
}

/** The source of a handler, with the policy marked. */
function source(text) {
  const policy = attribute(text);
  const [before, after] = policy ? text.split(policy) : ['', text];
  return element('pre', { tabIndex: 0 }, before, element('mark', {}, policy), after);
}

/** Fills in what was observed. `edit` puts the call into the box. */
export function complete(row, role, result, handlers, edit) {
  const [, , browser, server, verdict] = row.line.children;
  const [wanted, found] = [expected(row[role]), observed(result)];
  const [meant, outcome, requests, handler] = found.map((text, index) =>
    element('div', { className: text === wanted[index] ? '' : 'differs' }, text));
  const good = wanted.join() === found.join();
  meant.replaceChildren(tag(result));
  browser.replaceChildren(meant, outcome, note(result.kind === 'allowed' ? result.detail : result.reason));
  server.replaceChildren(requests, handler);
  verdict.replaceChildren(element('span', { className: 'pill' }, good ? '✓ expected' : '✗ differs'));
  row.line.className = good ? 'good' : 'bad';

  const button = element('button', { type: 'button' }, 'Change it, and send it');
  button.addEventListener('click', edit);
  const handled = row.handler ? source(handlers[row.handler]) : element('p', {}, 'No handler serves this.');
  row.opened.firstChild.append(element('div', { className: 'panes' },
    element('div', {}, ...exchanges(result), element('p', { className: 'conclusion' }, ...concluded(result))),
    element('div', {}, element('h3', {}, 'The handler'), handled, button)));
  row.button.disabled = false;
}
