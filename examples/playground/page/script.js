// Makes the calls of the table one after the other and compares what happened with what the policy says.

// A row has the arguments of `fetch` (`call`), the handler that serves them, perhaps a response `header` to read, and
// how many `times` the call is made. It says what has to happen on the page that the policies name, and on the
// stranger's:
//
//     [what the page gets, the requests that the server sees, how often the handler runs]
//
// and in a fourth place what the policy does, where it cannot be told from these three. The page gets `read` and the
// status when the browser lets it read the answer, `refused` when `fetch` throws, and `nothing to read` when it asked
// for no answer.
const groups = [
  {
    title: 'Reading',
    about: 'A GET is sent without asking. Whether the page may read the answer is what the policy decides.',
    rows: [
      {
        name: 'A plain GET',
        handler: 'user',
        call: ['/users/7'],
        named: ['read 200', 'GET', 1],
        stranger: ['refused', 'GET', 1],
      },
      {
        name: 'HEAD, which a GET handler serves, too',
        handler: 'user',
        call: ['/users/7', { method: 'HEAD' }],
        named: ['read 200', 'HEAD', 1],
        stranger: ['refused', 'HEAD', 1],
      },
      {
        name: 'GET with cookies',
        handler: 'profile',
        call: ['/profile', { credentials: 'include' }],
        named: ['read 200', 'GET with cookie', 1],
        stranger: ['refused', 'GET with cookie', 1],
      },
      {
        name: 'With cookies, where the policy has no credentials',
        handler: 'user',
        call: ['/users/7', { credentials: 'include' }],
        named: ['refused', 'GET with cookie', 1],
        stranger: ['refused', 'GET with cookie', 1],
      },
      {
        name: 'Shared with any origin',
        handler: 'status',
        call: ['/status'],
        named: ['read 200', 'GET', 1],
        stranger: ['read 200', 'GET', 1],
      },
      {
        name: 'Shared with any origin, called with cookies',
        handler: 'status',
        call: ['/status', { credentials: 'include' }],
        named: ['refused', 'GET with cookie', 1],
        stranger: ['refused', 'GET with cookie', 1],
      },
      {
        name: 'GET under enforce',
        handler: 'export',
        call: ['/export'],
        named: ['read 200', 'GET', 1],
        stranger: ['refused', 'GET', 0],
      },
    ],
  },
  {
    title: 'Writing',
    about:
      'Most writes have a preflight, an OPTIONS request. Forms do not, so the server rejects those of other origins.',
    rows: [
      {
        name: 'JSON by POST',
        handler: 'add_user',
        call: ['/users', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"Joan"}' }],
        named: ['read 200', 'OPTIONS, POST', 1],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'JSON by PUT',
        handler: 'update_user',
        call: ['/users/7', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"name":"Joan"}' }],
        named: ['read 200', 'OPTIONS, PUT', 1],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'A form by POST: no preflight',
        handler: 'post_message',
        call: ['/messages', { method: 'POST', body: new URLSearchParams({ text: 'hello' }) }],
        named: ['read 200', 'POST', 1],
        stranger: ['refused', 'POST', 0],
      },
      {
        name: 'A form from a page that wants no answer, with cookies',
        handler: 'post_message',
        call: ['/messages', {
          method: 'POST',
          mode: 'no-cors',
          credentials: 'include',
          body: new URLSearchParams({ text: 'hello' }),
        }],
        named: ['nothing to read', 'POST with cookie', 1],
        stranger: ['nothing to read', 'POST with cookie', 0],
      },
      {
        name: 'A form that Rocket takes for a DELETE: no preflight',
        handler: 'remove_item',
        call: ['/items/7', { method: 'POST', body: new URLSearchParams({ _method: 'DELETE' }) }],
        named: ['read 200', 'DELETE', 1],
        stranger: ['refused', 'DELETE', 0],
      },
      {
        name: 'Two PUTs, one preflight: max_age',
        handler: 'set_theme',
        call: ['/theme', { method: 'PUT', body: 'dark' }],
        times: 2,
        named: ['read 200', 'OPTIONS, PUT, PUT', 2],
        stranger: ['refused', 'OPTIONS, OPTIONS', 0],
      },
      {
        name: 'Two PUTs, two preflights: max_age of zero',
        handler: 'set_volume',
        call: ['/volume', { method: 'PUT', body: '11' }],
        times: 2,
        named: ['read 200', 'OPTIONS, PUT, OPTIONS, PUT', 2],
        stranger: ['refused', 'OPTIONS, OPTIONS', 0],
      },
    ],
  },
  {
    title: 'Headers',
    about: 'Which headers of the answer the page can read, and which it may put on a request.',
    rows: [
      {
        name: 'A response header that is exposed',
        handler: 'users',
        call: ['/users'],
        header: 'x-total',
        named: ['read 200, x-total: 2', 'GET', 1],
        stranger: ['refused', 'GET', 1],
      },
      {
        name: 'A response header that is not exposed',
        handler: 'users',
        call: ['/users'],
        header: 'x-cost',
        named: ['read 200, x-cost: null', 'GET', 1],
        stranger: ['refused', 'GET', 1],
      },
      {
        name: 'DELETE with a header that is allowed',
        handler: 'remove_item',
        call: ['/items/7', { method: 'DELETE', headers: { 'x-reason': 'broken' } }],
        named: ['read 200', 'OPTIONS, DELETE', 1],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'DELETE with a header that is not allowed',
        handler: 'remove_item',
        call: ['/items/7', { method: 'DELETE', headers: { 'x-mood': 'bad' } }],
        named: ['refused', 'OPTIONS', 0],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'A bearer token',
        handler: 'account',
        call: ['/account', { headers: { authorization: 'Bearer open-sesame' } }],
        named: ['read 200', 'OPTIONS, GET', 1],
        stranger: ['refused', 'OPTIONS', 0],
      },
    ],
  },
  {
    title: 'Errors',
    about: 'A page that may read the answer may read the error as well, with its status.',
    rows: [
      {
        name: '404 from the handler',
        handler: 'user',
        call: ['/users/99'],
        named: ['read 404', 'GET', 1],
        stranger: ['refused', 'GET', 1],
      },
      {
        name: '401 from a guard, before the handler',
        handler: 'account',
        call: ['/account'],
        named: ['read 401', 'GET', 0],
        stranger: ['refused', 'GET', 0, 'Answer withheld'],
      },
      {
        name: '500 from a handler that panics',
        handler: 'bug',
        call: ['/bug'],
        named: ['read 500', 'GET', 1],
        stranger: ['refused', 'GET', 1],
      },
    ],
  },
  {
    title: 'Not shared',
    about: 'A handler without a policy shares nothing, not even with the origin that other policies name.',
    rows: [
      {
        name: 'GET, no annotation',
        handler: 'internal',
        call: ['/internal'],
        named: ['refused', 'GET', 1],
        stranger: ['refused', 'GET', 1],
      },
      {
        name: 'PUT, no annotation',
        handler: 'change_internal',
        call: ['/internal', { method: 'PUT', body: 'mine' }],
        named: ['refused', 'OPTIONS', 0],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'DELETE of the special item, beside the policy for all others',
        handler: 'remove_special_item',
        call: ['/items/special', { method: 'DELETE' }],
        named: ['refused', 'OPTIONS', 0],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'A method that the address has no handler for',
        call: ['/users/7', { method: 'PATCH' }],
        named: ['refused', 'OPTIONS', 0],
        stranger: ['refused', 'OPTIONS', 0],
      },
      {
        name: 'An address that does not exist',
        call: ['/nowhere'],
        named: ['refused', 'GET', 0, 'Nothing to share'],
        stranger: ['refused', 'GET', 0, 'Nothing to share'],
      },
    ],
  },
];

// ---- Making a call ----

/** Makes the call of a row. Returns what the page got, and a detail for the reader. */
async function make({ call: [path, options], header, times = 1 }, url) {
  let got;
  for (let time = 0; time < times; time += 1) {
    try {
      got = await read(await fetch(url(path), options), header);
    } catch (error) {
      got = ['refused', String(error)];
    }
  }
  return got;
}

async function read(response, header) {
  if (response.type === 'opaque') return ['nothing to read', 'an opaque response'];
  const body = await response.text();
  const exposed = header ? `, ${header}: ${response.headers.get(header)}` : '';
  return [`read ${response.status}${exposed}`, body.length < 60 ? body : ''];
}

/** Asks the server which requests of a call it saw, and how often the handler ran. */
async function serverSaw(api, name) {
  const { requests, runs } = await (await fetch(`${api}/calls/${name}`)).json();
  return [requests.map(({ method, cookie }) => (cookie ? `${method} with cookie` : method)).join(', '), runs];
}

// ---- Words ----

/** What a policy does to a call, told by what has to happen. */
function meaning([outcome, requests, runs, given]) {
  if (given) return given;
  if (outcome.startsWith('read')) return 'Shared';
  if (requests.startsWith('OPTIONS')) return 'Stopped at preflight';
  if (runs === 0) return 'Turned away';
  return outcome === 'nothing to read' ? 'Let in' : 'Answer withheld';
}

/** What happened, or has to happen, as three texts. */
function told([outcome, requests, runs]) {
  return [outcome, requests, `handler runs: ${runs}`];
}

/** A value as it is written in a script. */
function literal(value) {
  if (value instanceof URLSearchParams) return `new URLSearchParams(${literal(Object.fromEntries(value))})`;
  if (typeof value === 'string') return `'${value}'`;
  const key = (name) => (/^\w+$/.test(name) ? name : `'${name}'`);
  return `{ ${Object.entries(value).map(([name, field]) => `${key(name)}: ${literal(field)}`).join(', ')} }`;
}

/** The call of a row as it is written in a script. */
function snippet({ call, header }) {
  const made = `fetch(${call.map(literal).join(', ')})`;
  return header ? `(await ${made}).headers.get('${header}')` : made;
}

// ---- Showing ----

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const note = (text) => element('span', { className: 'note' }, text);

/** Code that breaks between arguments, if it has to break. */
function code(text) {
  const parts = text.split(/(?<=, )(?=[a-z{])/).map((part) => element('span', {}, part));
  return element('code', {}, ...parts);
}

function cell(label, ...children) {
  const made = element('td', {}, ...children);
  made.dataset.label = label;
  return made;
}

/** The policy above a handler. It opens into the handler. */
function policy(source) {
  const attribute = source.match(/^#\[cross_origin\([^]*?\)\]$/m)?.[0] ?? '';
  const [before, after] = attribute ? source.split(attribute) : ['', source];
  return element('details', {},
    element('summary', {}, code(attribute.replace(/\s+/g, ' ') || 'no #[cross_origin]')),
    element('pre', {}, before, element('mark', {}, attribute), after));
}

/** The line of a row in the table, with what is yet to be observed left open. */
function line(row, role, handlers) {
  const [outcome, requests, handler] = told(row[role]);
  row.line = element('tr', {},
    element('th', { scope: 'row' },
      row.name,
      ...Array.from({ length: row.times ?? 1 }, () => code(snippet(row))),
      row.handler ? policy(handlers[row.handler]) : note('no handler')),
    cell('The policy says', `${meaning(row[role])}: ${outcome}`, note(requests), note(handler)),
    cell('The browser let the page', '…'),
    cell('The server saw', '…'),
    cell('Verdict', '…'));
  return row.line;
}

/** Fills in what was observed. */
function complete(row, expected, observed, detail) {
  const [, , browser, server, verdict] = row.line.children;
  const [outcome, requests, handler] = observed.map((text, index) =>
    element('div', { className: text === expected[index] ? '' : 'differs' }, text));
  const good = expected.join() === observed.join();
  browser.replaceChildren(outcome, note(detail));
  server.replaceChildren(requests, handler);
  verdict.replaceChildren(element('span', { className: 'mark' }, good ? '✓ matches' : '✗ differs'));
  row.line.className = good ? 'good' : 'bad';
}

/** Says which of the two pages this is. */
function introduce(role, addresses) {
  document.getElementById('api').textContent = addresses.api;
  for (const each of ['named', 'stranger']) {
    const link = document.getElementById(each);
    link.querySelector('.address').textContent = addresses[each];
    link.querySelector('.here').textContent = each === role ? 'This page' : 'Open →';
    if (each === role) link.setAttribute('aria-current', 'page');
    else link.href = addresses[each];
  }
}

function summarize(state, failed, total, text) {
  Object.assign(document.body.dataset, { state, failed, total });
  document.getElementById('summary').textContent = text;
  document.title = `${text} – CORS playground`;
}

// ---- All calls ----

async function run() {
  const { role, addresses, handlers } = await (await fetch('/setup.json')).json();
  // By another name, such as 127.0.0.1, the page has an origin that the policies do not know.
  if (location.origin !== addresses[role]) return location.replace(addresses[role]);

  introduce(role, addresses);
  for (const { title, about, rows } of groups) {
    const heading = element('th', { scope: 'rowgroup', colSpan: 5 }, title, element('span', {}, about));
    const lines = rows.map((row) => line(row, role, handlers));
    document.querySelector('table').append(element('tbody', {}, element('tr', {}, heading), ...lines));
  }

  // Tells the calls of this visit from earlier ones, for the server and for the browser's memory of preflights.
  const visit = `${role}-${Date.now().toString(36)}`;
  const report = [];
  for (const row of groups.flatMap(({ rows }) => rows)) {
    const name = `${visit}-${report.length}`;
    const [outcome, detail] = await make(row, (path) => `${addresses.api}${path}?call=${name}`);
    const [expected, observed] = [row[role], [outcome, ...await serverSaw(addresses.api, name)]].map(told);
    complete(row, expected, observed, detail);
    report.push({ name: row.name, expected: expected.join('; '), observed: observed.join('; ') });
  }

  const total = report.length;
  const good = report.filter(({ expected, observed }) => expected === observed).length;
  await fetch('/report', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rows: report }),
  });
  summarize('done', total - good, total, `${good} of ${total} as the policy says`);
}

run().catch((error) => summarize('error', 1, 0, `The playground’s servers do not answer: ${error}`));
