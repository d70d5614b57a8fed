import assert from 'node:assert/strict';
import { test } from 'node:test';
import { languages, sample } from '../../../webroot/docs/samples.js';

const SPEC = {
  servers: [{ url: '/v1' }],
  components: {
    parameters: {
      rider: { name: 'rider', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' } },
      bike: { name: 'bike', in: 'path', required: true, schema: { type: 'string', examples: ['SN 7'] } },
    },
    schemas: { Id: { type: 'integer', examples: [4826] } },
    responses: { File: { content: { 'application/vnd.ant.fit': {} } } },
  },
  paths: {
    '/rides': {
      get: {
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer' } }],
        responses: { 200: { content: { 'application/json': {}, 'text/csv': {} } } },
      },
    },
    '/riders/{rider}': {
      put: {
        parameters: [{ $ref: '#/components/parameters/rider' }],
        requestBody: { content: { 'application/json': { example: { note: "it's" } } } },
        responses: { 200: { content: { 'application/json': {} } } },
      },
      delete: { parameters: [{ $ref: '#/components/parameters/rider' }], responses: { 204: {} } },
    },
    '/bikes/{bike}/file': {
      get: { parameters: [{ $ref: '#/components/parameters/bike' }], responses: { 200: { $ref: '#/components/responses/File' } } },
    },
    '/live': { get: { responses: { 200: { content: { 'text/event-stream': {} } } } } },
  },
};

const show = (language, path, method) => sample(language, SPEC, path, method, 'http://localhost:8080');

test('each language calls the address of the operation with the token of the environment', () => {
  assert.deepEqual(languages, ['curl', 'Python', 'TypeScript', 'Java']);
  for (const language of languages) {
    assert.match(show(language, '/rides', 'get'), /http:\/\/localhost:8080\/v1\/rides['"]/, language);
    assert.match(show(language, '/rides', 'get'), /TOKEN/, language);
    assert.match(show(language, '/riders/{rider}', 'put'), /http:\/\/localhost:8080\/v1\/riders\/4826['"]/, language);
    assert.match(show(language, '/bikes/{bike}/file', 'get'), /bikes\/SN%207\/file/, language);
  }
});

test('optional parameters are left out', () => {
  assert.doesNotMatch(show('curl', '/rides', 'get'), /limit/);
});

test('a curl command is one line for a shell, with the body quoted', () => {
  assert.equal(
    show('curl', '/riders/{rider}', 'put'),
    `curl -s -X PUT -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' -d '{"note":"it'\\''s"}' \\
  'http://localhost:8080/v1/riders/4826'`,
  );
});

test('files are stored, streams are read as they arrive, and responses without a body show the status', () => {
  assert.match(show('curl', '/bikes/{bike}/file', 'get'), /-OJ/);
  assert.match(show('Python', '/bikes/{bike}/file', 'get'), /"wb"/);
  assert.match(show('Java', '/bikes/{bike}/file', 'get'), /byte\[\]/);
  assert.match(show('curl', '/live', 'get'), /-N/);
  assert.match(show('Python', '/live', 'get'), /iter_lines/);
  assert.match(show('TypeScript', '/live', 'get'), /TextDecoderStream/);
  assert.match(show('Java', '/live', 'get'), /ofLines/);
  assert.match(show('Python', '/riders/{rider}', 'delete'), /status_code/);
});
