// Makes the calls of the table one after the other and compares what happened with what the policy says. Then the box
// sends whatever is typed into it.

import { groupsOf } from './calls.js';
import { make } from './exchange.js';
import { complete, concluded, element, expected, observed, open, outcome, rows } from './show.js';

/** Names a call. No other page can guess the name: whoever knows it can read what the server saw. */
function name() {
  const numbers = crypto.getRandomValues(new Uint32Array(4));
  return Array.from(numbers, (number) => number.toString(36)).join('-');
}

/** Says which of the two pages this is. */
function introduce(role, addresses) {
  Object.assign(document.getElementById('api'), { textContent: addresses.api, href: addresses.api });
  for (const each of ['named', 'stranger']) {
    const link = document.getElementById(each);
    link.querySelector('.address').textContent = addresses[each];
    link.querySelector('.here').textContent = each === role ? 'This page' : 'Open →';
    if (each === role) link.setAttribute('aria-current', 'page');
    else link.href = addresses[each];
  }
  for (const place of document.querySelectorAll('.own-origin')) place.textContent = addresses[role];
}

function summarize(state, failed, total, text) {
  Object.assign(document.body.dataset, { state, failed, total });
  document.getElementById('summary').firstElementChild.textContent = text;
  document.title = `${text} – CORS playground`;
}

/** Says how many calls were allowed, refused and turned away. */
function count(results) {
  for (const place of document.querySelectorAll('#summary [data-kind]')) {
    place.firstElementChild.textContent = results.filter(({ kind }) => kind === place.dataset.kind).length;
  }
  document.getElementById('counts').hidden = false;
}

// ---- The box ----

const box = document.getElementById('box');
const fields = box.elements;

/** The call that is typed into the box. */
function typed() {
  const options = {};
  const method = fields.method.value.trim() || 'GET';
  if (method !== 'GET') options.method = method;
  const lines = fields.headers.value.split('\n').filter((line) => line.trim());
  const headers = lines.map((line) => line.split(/:([^]*)/).map((part) => part.trim()));
  if (headers.length) options.headers = Object.fromEntries(headers.map(([header, value = '']) => [header, value]));
  if (fields.body.value) options.body = fields.body.value;
  if (fields.credentials.checked) options.credentials = 'include';
  if (fields.nocors.checked) options.mode = 'no-cors';
  const path = `/${fields.path.value.trim().replace(/^\//, '').replace(/#.*/, '')}`;
  return { call: Object.keys(options).length ? [path, options] : [path] };
}

/** Puts a call into the box. */
function edit({ call: [path, options = {}] }) {
  const { method = 'GET', headers = {}, body = '', credentials, mode } = options;
  const isForm = body instanceof URLSearchParams;
  const sent = isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : headers;
  fields.method.value = method;
  fields.path.value = path;
  fields.headers.value = Object.entries(sent).map((pair) => pair.join(': ')).join('\n');
  fields.body.value = String(body);
  fields.credentials.checked = credentials === 'include';
  fields.nocors.checked = mode === 'no-cors';
  box.scrollIntoView({ block: 'center' });
  fields.path.focus({ preventScroll: true });
}

function listen(api) {
  const [conclusion, place] = ['conclusion', 'outcome'].map((id) => document.getElementById(id));
  box.addEventListener('submit', async (event) => {
    event.preventDefault();
    place.setAttribute('aria-busy', 'true');
    const call = typed();
    try {
      const result = await make(call, api, name());
      conclusion.replaceChildren(...concluded(result));
      place.replaceChildren(...outcome(call, result));
    } catch (error) {
      conclusion.replaceChildren(`The API does not answer: ${error}`);
      place.replaceChildren();
    }
    place.setAttribute('aria-busy', 'false');
  });
  fields.send.disabled = false;
}

// ---- All calls ----

async function run() {
  const { role, addresses, framework, handlers } = await (await fetch('/setup.json')).json();
  // By another name, such as 127.0.0.1, the page has an origin that the policies do not know.
  if (location.origin !== addresses[role]) return location.replace(addresses[role]);

  const groups = groupsOf(framework);
  introduce(role, addresses);
  for (const { title, about, rows: calls } of groups) {
    const heading = element('th', { scope: 'rowgroup', colSpan: 5 }, title, element('span', {}, about));
    const lines = calls.flatMap((row) => rows(row, role, handlers));
    document.querySelector('table').append(element('tbody', {}, element('tr', {}, heading), ...lines));
  }

  const [report, results] = [[], []];
  for (const row of groups.flatMap(({ rows: calls }) => calls)) {
    const result = await make(row, addresses.api, name());
    results.push(result);
    complete(row, role, result, handlers, () => edit(row));
    report.push({
      name: row.name,
      expected: expected(row[role]).join('; '),
      observed: observed(result).join('; '),
      kind: result.kind,
      reason: result.reason,
    });
    // A link such as `/#a-plain-get` opens a row.
    if (location.hash === `#${row.line.id}`) open(row, true);
  }

  const total = report.length;
  const good = report.filter((row) => row.expected === row.observed).length;
  count(results);
  listen(addresses.api);
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
  summarize('done', total - good, total, `${good} of ${total} as the policy says`);
  await fetch('/report', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows: report }),
  });
}

run().catch((error) => summarize('error', 1, 0, `The playground’s servers do not answer: ${error}`));
