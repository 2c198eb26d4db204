// The calls of the table, and what has to happen.
//
// A row has the arguments of `fetch` (`call`), the handler that serves them, perhaps a response `header` to read, and
// how many `times` the call is made. It says what has to happen on the page that the policies name, and on the
// stranger's:
//
//     [what the page gets, the requests that the server sees, how often the handler runs]
//
// and in a fourth place what the policy does, where it cannot be told from these three. The page gets `read` and the
// status when the browser lets it read the answer, `refused` when `fetch` throws, and `nothing to read` when it asked
// for no answer. Where the API's framework makes a difference, its name has what is different.
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
        // axum takes a form for the POST that it is. Nothing serves that here, so `protect_all` decides.
        axum: {
          name: 'A form that Rocket would take for a DELETE: no preflight',
          named: ['refused', 'POST', 0],
          stranger: ['refused', 'POST', 0],
        },
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
        axum: { name: '401 from an extractor, before the handler' },
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

/** The groups as they are for the API's framework. */
export const groupsOf = (framework) =>
  groups.map((group) => ({ ...group, rows: group.rows.map((row) => ({ ...row, ...row[framework] })) }));

/** What a policy does to a call, told by what has to happen. */
export function meaning([outcome, requests, runs, given]) {
  if (given) return given;
  if (outcome.startsWith('read')) return 'Shared';
  if (requests.startsWith('OPTIONS')) return 'Stopped at preflight';
  if (runs === 0) return 'Turned away';
  return outcome === 'nothing to read' ? 'Let in' : 'Answer withheld';
}
